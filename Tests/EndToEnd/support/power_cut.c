// Remembers how to undo every write that has not been synced.
//
// Loaded with LD_PRELOAD into the server. For each file whose name contains the text in
// POWER_CUT_FILES, every write is preceded by a record in "<file>.undo" that holds the bytes about
// to be overwritten and the file's size; a sync of the file empties the record. After the process
// was killed, undoing the records leaves what a disk would hold that lost all it had not been told
// to keep. The record survives the kill, since the kernel does.
//
// Record: int64 offset, int64 length, int64 size of the file before, then the old bytes that were
// there (length, cut at the old size).
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#define DESCRIPTORS 65536
static int undo_of[DESCRIPTORS];  // 0: not looked at, -1: not ours, else the record's descriptor
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static ssize_t (*real_write)(int, const void *, size_t);
static ssize_t (*real_pwrite)(int, const void *, size_t, off_t);
static int (*real_fsync)(int), (*real_fdatasync)(int), (*real_ftruncate)(int, off_t);
static int (*real_close)(int);

__attribute__((constructor)) static void find_originals(void) {
    real_write = dlsym(RTLD_NEXT, "write");
    real_pwrite = dlsym(RTLD_NEXT, "pwrite64");
    real_fsync = dlsym(RTLD_NEXT, "fsync");
    real_fdatasync = dlsym(RTLD_NEXT, "fdatasync");
    real_ftruncate = dlsym(RTLD_NEXT, "ftruncate64");
    real_close = dlsym(RTLD_NEXT, "close");
}

static int record_for(int fd) {
    if (fd < 0 || fd >= DESCRIPTORS) return -1;
    if (undo_of[fd]) return undo_of[fd];
    char link[64], path[PATH_MAX], name[PATH_MAX + 8];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t n = readlink(link, path, sizeof path - 1);
    const char *wanted = getenv("POWER_CUT_FILES");
    undo_of[fd] = -1;
    if (n > 0 && wanted) {
        path[n] = 0;
        if (strstr(path, wanted) && !strstr(path, ".undo") && !strstr(path, "-shm")) {
            snprintf(name, sizeof name, "%s.undo", path);
            undo_of[fd] = open(name, O_CREAT | O_RDWR | O_APPEND | O_CLOEXEC, 0600);
        }
    }
    return undo_of[fd];
}

static void remember(int fd, int record, off_t offset, int64_t length) {
    struct stat status;
    fstat(fd, &status);
    int64_t old = status.st_size - offset;
    if (old > length) old = length;
    if (old < 0) old = 0;
    char *bytes = malloc(24 + old);
    int64_t head[3] = {offset, length, status.st_size};
    memcpy(bytes, head, 24);
    if (pread(fd, bytes + 24, old, offset) < 0) abort();
    if (real_write(record, bytes, 24 + old) != 24 + old) abort();
    free(bytes);
}

static ssize_t watched_pwrite(int fd, const void *bytes, size_t count, off_t offset) {
    int record = record_for(fd);
    if (record <= 0) return real_pwrite(fd, bytes, count, offset);
    pthread_mutex_lock(&lock);
    remember(fd, record, offset, count);
    ssize_t done = real_pwrite(fd, bytes, count, offset);
    pthread_mutex_unlock(&lock);
    return done;
}
ssize_t pwrite(int fd, const void *b, size_t n, off_t o) { return watched_pwrite(fd, b, n, o); }
ssize_t pwrite64(int fd, const void *b, size_t n, off_t o) { return watched_pwrite(fd, b, n, o); }

ssize_t write(int fd, const void *bytes, size_t count) {
    int record = record_for(fd);
    if (record <= 0) return real_write(fd, bytes, count);
    pthread_mutex_lock(&lock);
    remember(fd, record, lseek(fd, 0, SEEK_CUR), count);
    ssize_t done = real_write(fd, bytes, count);
    pthread_mutex_unlock(&lock);
    return done;
}

static int watched_truncate(int fd, off_t size) {
    int record = record_for(fd);
    if (record <= 0) return real_ftruncate(fd, size);
    pthread_mutex_lock(&lock);
    struct stat status;
    fstat(fd, &status);
    remember(fd, record, size, status.st_size > size ? status.st_size - size : 0);
    int done = real_ftruncate(fd, size);
    pthread_mutex_unlock(&lock);
    return done;
}
int ftruncate(int fd, off_t size) { return watched_truncate(fd, size); }
int ftruncate64(int fd, off_t size) { return watched_truncate(fd, size); }

static int watched_sync(int fd, int (*sync)(int)) {
    int record = record_for(fd);
    pthread_mutex_lock(&lock);
    int done = sync(fd);
    if (done == 0 && record > 0) real_ftruncate(record, 0);
    pthread_mutex_unlock(&lock);
    return done;
}
int fsync(int fd) { return watched_sync(fd, real_fsync); }
int fdatasync(int fd) { return watched_sync(fd, real_fdatasync); }

int close(int fd) {
    if (fd >= 0 && fd < DESCRIPTORS) {
        if (undo_of[fd] > 0) real_close(undo_of[fd]);
        undo_of[fd] = 0;
    }
    return real_close(fd);
}
