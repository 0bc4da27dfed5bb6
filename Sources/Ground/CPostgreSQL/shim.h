#pragma once
#include <dlfcn.h>
#include <stddef.h>
#if __has_include(<libpq-fe.h>)
#include <libpq-fe.h>
#else
#include <postgresql/libpq-fe.h>
#endif

// libpq is loaded when the first PostgreSQL database is opened, not linked: some twenty libraries come
// with it (Kerberos, LDAP, TLS), which those who use SQLite need neither have nor wait for.

#define LIBPQ_FUNCTIONS(each) \
    each(PQcancel) each(PQclear) each(PQcmdTuples) each(PQconnectdb) each(PQconnectdbParams) \
    each(PQconsumeInput) each(PQerrorMessage) each(PQexec) each(PQexecParams) each(PQfinish) \
    each(PQfreeCancel) each(PQfreemem) each(PQftype) each(PQgetCancel) each(PQgetResult) \
    each(PQgetisnull) each(PQgetlength) each(PQgetvalue) each(PQnfields) each(PQnotifies) \
    each(PQntuples) each(PQputCopyData) each(PQputCopyEnd) each(PQresultErrorField) \
    each(PQresultStatus) each(PQsetNoticeProcessor) each(PQsocket) each(PQstatus) \
    each(PQtransactionStatus)

// The functions of libpq that we call, by their names.
struct LibPQ {
#define LIBPQ_MEMBER(function) __typeof__(&function) function;
    LIBPQ_FUNCTIONS(LIBPQ_MEMBER)
#undef LIBPQ_MEMBER
};

// Loads libpq. The answer is what went wrong, NULL when nothing did.
static inline const char *libpq_load(struct LibPQ *library) {
    void *handle = dlopen("libpq.so.5", RTLD_NOW | RTLD_LOCAL);
    if (handle == NULL) return dlerror();
#define LIBPQ_FIND(function) \
    library->function = (__typeof__(&function))dlsym(handle, #function); \
    if (library->function == NULL) return dlerror();
    LIBPQ_FUNCTIONS(LIBPQ_FIND)
#undef LIBPQ_FIND
    return NULL;
}
