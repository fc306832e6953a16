#pragma once
#include <stddef.h>

// The text of a file of SQL, without a terminator; `start` is NULL past the last file.
typedef struct {
    const unsigned char *_Nullable start;
    size_t size;
} COutgrowText;

// The compatibility functions' files from index 0 on, each after those that it calls.
COutgrowText outgrow_compatibility_file(size_t index);
