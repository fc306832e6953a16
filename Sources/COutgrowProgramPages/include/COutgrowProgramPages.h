#ifndef COUTGROW_PROGRAM_PAGES_H
#define COUTGROW_PROGRAM_PAGES_H

/// Gives the pages of the program and of its libraries that nobody can have written to back to the kernel; what is
/// needed again comes from the files. Returns how many stretches it gave back; 0 where the C library cannot tell.
int outgrow_let_go_of_program_pages(void);

#endif
