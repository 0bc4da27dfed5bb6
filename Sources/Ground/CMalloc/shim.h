#pragma once
// glibc's allocator settings, which Swift's own map of the C library leaves out.
#include <malloc.h>
