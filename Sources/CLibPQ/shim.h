#pragma once
#include <libpq-fe.h>
// Glibc's Swift module leaves it out.
#include <sys/eventfd.h>
