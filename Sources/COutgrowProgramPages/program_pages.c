// The dynamic loader knows what it has mapped and how, and while it tells, no library is loaded or taken away:
// dl_iterate_phdr(3). Swift does not see that function.
#define _GNU_SOURCE
#include "COutgrowProgramPages.h"

#ifdef __linux__
#include <link.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static int is_writable(const ElfW(Phdr) *segment) { return (segment->p_flags & PF_W) != 0; }

/// Whether the loader wrote addresses into parts that are not writable otherwise: those are no file's any more.
static int has_text_relocations(const struct dl_phdr_info *object) {
    for (int i = 0; i < object->dlpi_phnum; i++) {
        const ElfW(Phdr) *segment = &object->dlpi_phdr[i];
        if (segment->p_type != PT_DYNAMIC) continue;
        const ElfW(Dyn) *entry = (const ElfW(Dyn) *)(object->dlpi_addr + segment->p_vaddr);
        for (; entry->d_tag != DT_NULL; entry++) {
            if (entry->d_tag == DT_TEXTREL) return 1;
            if (entry->d_tag == DT_FLAGS && (entry->d_un.d_val & DF_TEXTREL) != 0) return 1;
        }
    }
    return 0;
}

static int let_go(struct dl_phdr_info *object, size_t size, void *count) {
    (void)size;
    const char *name = object->dlpi_name == NULL ? "" : object->dlpi_name;
    // linux-vdso.so is the kernel's, and no file.
    if (strncmp(name, "linux-", 6) == 0 || has_text_relocations(object)) return 0;
    const uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    for (int i = 0; i < object->dlpi_phnum; i++) {
        const ElfW(Phdr) *segment = &object->dlpi_phdr[i];
        if (segment->p_type != PT_LOAD || is_writable(segment) || segment->p_memsz != segment->p_filesz) continue;
        const uintptr_t first = object->dlpi_addr + segment->p_vaddr, start = first & ~(page - 1);
        // Where the kernel refuses, the pages stay.
        if (madvise((void *)start, first + segment->p_filesz - start, MADV_DONTNEED) == 0) ++*(int *)count;
    }
    return 0;
}

int outgrow_let_go_of_program_pages(void) {
    int count = 0;
    dl_iterate_phdr(let_go, &count);
    return count;
}
#else
int outgrow_let_go_of_program_pages(void) { return 0; }
#endif
