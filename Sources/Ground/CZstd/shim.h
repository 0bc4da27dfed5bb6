#pragma once
#include <zstd.h>
#include <zstd_errors.h>

// Both constants are macros that cast, which Swift does not import.
static const unsigned long long czstd_content_size_unknown = ZSTD_CONTENTSIZE_UNKNOWN;
static const unsigned long long czstd_content_size_error = ZSTD_CONTENTSIZE_ERROR;
