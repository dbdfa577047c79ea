using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ApiSvc.Spool.Segments;

/// <summary>
/// What .NET has no call for. Its own mapped files flush to the disk when they are closed, which takes as long as a
/// hundred thousand appends.
/// </summary>
internal static partial class Native
{
    public const int ReadWrite = 0x1 | 0x2; // PROT_READ | PROT_WRITE
    public const int Shared = 0x1; // MAP_SHARED
    public const int PopulateWrite = 23; // MADV_POPULATE_WRITE, Linux 5.14

    // errno
    public const int Interrupted = 4;
    public const int Invalid = 22;

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    public static partial nint Map(
        nint address,
        nuint length,
        int protection,
        int flags,
        SafeFileHandle file,
        nint offset
    );

    [LibraryImport("libc", EntryPoint = "munmap", SetLastError = true)]
    public static partial int Unmap(nint address, nuint length);

    [LibraryImport("libc", EntryPoint = "madvise", SetLastError = true)]
    public static partial int Advise(nint address, nuint length, int advice);

    /// <returns>0 or the error; errno is not set.</returns>
    [LibraryImport("libc", EntryPoint = "posix_fallocate")]
    public static partial int Allocate(SafeFileHandle file, nint offset, nint length);
}
