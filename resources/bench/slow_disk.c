/* A hard disk of old: each call that waits for the disk takes 10 ms longer. Preloaded (LD_PRELOAD);
   tells how often the first thread of the process, which is the window's, and others waited. */
#define _GNU_SOURCE
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static long by_window, by_others;

static void wait_for_disk(void)
{
    struct timespec turn = {0, 10000000};
    __atomic_add_fetch(syscall(SYS_gettid) == getpid() ? &by_window : &by_others, 1, __ATOMIC_RELAXED);
    nanosleep(&turn, 0);
}

int fsync(int file) { wait_for_disk(); return syscall(SYS_fsync, file); }
int fdatasync(int file) { wait_for_disk(); return syscall(SYS_fdatasync, file); }
long slow_disk_waits_of_window(void) { return __atomic_load_n(&by_window, __ATOMIC_RELAXED); }
long slow_disk_waits_of_others(void) { return __atomic_load_n(&by_others, __ATOMIC_RELAXED); }
