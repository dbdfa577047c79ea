using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ApiSvc.Gateway.Http1.Transport.Loops;

/// <summary>The system calls of <see cref="EventLoop"/>; numbers are those of Linux on x64 and arm64.</summary>
internal static unsafe partial class LinuxSockets
{
    public const int WouldBlock = 11;
    public const int InProgress = 115;

    public const uint Readable = 0x1;
    public const uint Writable = 0x4;
    public const uint Broken = 0x8;
    public const uint HungUp = 0x10;
    public const uint PeerEnded = 0x2000;
    public const uint EdgeTriggered = 1u << 31;

    private const int Interrupted = 4;
    private const int DontWait = 0x40;
    private const int NoSignal = 0x4000;
    private const int CloseOnExec = 0x8_0000;
    private const int NonBlocking = 0x800;
    private const int SetStatusFlags = 4;
    private const int AddToSet = 1;

    // On x64 the kernel's structure is packed: four bytes of events, then eight that are ours.
    private static readonly bool IsPacked =
        RuntimeInformation.ProcessArchitecture == Architecture.X64;

    public static bool IsSupported =>
        OperatingSystem.IsLinux()
        && RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.Arm64;

    public static int EventSize => IsPacked ? 12 : 16;

    public static (uint Events, long Key) ReadEvent(byte* events, int index)
    {
        var at = events + (index * EventSize);
        return (*(uint*)at, *(long*)(at + EventSize - sizeof(long)));
    }

    /// <returns>A set of sockets that are waited for.</returns>
    public static SafeFileHandle NewSet() => Handle(EpollCreate(CloseOnExec));

    /// <returns>What is waited for as a socket is, and signalled by <see cref="Signal"/>.</returns>
    public static SafeFileHandle NewSignal() => Handle(EventFd(0, CloseOnExec | NonBlocking));

    /// <exception cref="IOException">The set takes no more.</exception>
    public static void Add(SafeFileHandle set, SafeHandle socket, uint events, long key)
    {
        var room = stackalloc byte[16];
        *(uint*)room = events;
        *(long*)(room + EventSize - sizeof(long)) = key;
        if (EpollCtl(set, AddToSet, socket, room) != 0)
        {
            throw Error(Marshal.GetLastPInvokeError());
        }
    }

    /// <returns>How many events there are; none where it was interrupted.</returns>
    public static int Wait(SafeFileHandle set, byte* events, int most, int milliseconds)
    {
        var count = EpollWait(set, events, most, milliseconds);
        if (count >= 0)
        {
            return count;
        }

        var error = Marshal.GetLastPInvokeError();
        return error == Interrupted ? 0 : throw Error(error);
    }

    public static void Signal(SafeFileHandle signal)
    {
        var one = 1L;
        _ = Write(signal, &one, sizeof(long));
    }

    public static void Reset(SafeFileHandle signal)
    {
        var count = 0L;
        _ = Read(signal, &count, sizeof(long));
    }

    /// <returns>How many bytes came; 0 at the end; or the negative number of an error.</returns>
    public static int Receive(SafeSocketHandle socket, Span<byte> room)
    {
        fixed (byte* to = room)
        {
            while (true)
            {
                var count = Recv(socket, to, room.Length, DontWait);
                if (count >= 0)
                {
                    return (int)count;
                }

                var error = Marshal.GetLastPInvokeError();
                if (error != Interrupted)
                {
                    return -error;
                }
            }
        }
    }

    /// <returns>How many bytes were taken, or the negative number of an error.</returns>
    public static int Send(SafeSocketHandle socket, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* from = bytes)
        {
            while (true)
            {
                var count = Send(socket, from, bytes.Length, DontWait | NoSignal);
                if (count >= 0)
                {
                    return (int)count;
                }

                var error = Marshal.GetLastPInvokeError();
                if (error != Interrupted)
                {
                    return -error;
                }
            }
        }
    }

    /// <returns>0 where it is connected, or the number of an error: <see cref="InProgress"/> where it is tried.</returns>
    public static int Connect(SafeSocketHandle socket, ReadOnlySpan<byte> address)
    {
        if (Fcntl(socket, SetStatusFlags, NonBlocking) != 0)
        {
            return Marshal.GetLastPInvokeError();
        }

        fixed (byte* to = address)
        {
            return Connect(socket, to, address.Length) == 0 ? 0 : Marshal.GetLastPInvokeError();
        }
    }

    public static IOException Error(int error) =>
        new(Marshal.GetPInvokeErrorMessage(error), Known(error));

    /// <summary>The same error as sockets tell it.</summary>
    public static SocketException Known(int error) =>
        new(
            (int)(
                error switch
                {
                    13 => SocketError.AccessDenied,
                    24 => SocketError.TooManyOpenSockets,
                    32 => SocketError.Shutdown,
                    99 => SocketError.AddressNotAvailable,
                    101 => SocketError.NetworkUnreachable,
                    104 => SocketError.ConnectionReset,
                    110 => SocketError.TimedOut,
                    111 => SocketError.ConnectionRefused,
                    113 => SocketError.HostUnreachable,
                    _ => SocketError.SocketError,
                }
            ),
            Marshal.GetPInvokeErrorMessage(error)
        );

    private static SafeFileHandle Handle(int descriptor) =>
        descriptor >= 0
            ? new(descriptor, ownsHandle: true)
            : throw Error(Marshal.GetLastPInvokeError());

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int EpollCreate(int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int EpollCtl(
        SafeFileHandle set,
        int operation,
        SafeHandle socket,
        byte* what
    );

    [LibraryImport("libc", EntryPoint = "epoll_wait", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int EpollWait(
        SafeFileHandle set,
        byte* events,
        int most,
        int milliseconds
    );

    [LibraryImport("libc", EntryPoint = "eventfd", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int EventFd(uint start, int flags);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint Read(SafeFileHandle file, long* to, nint length);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint Write(SafeFileHandle file, long* from, nint length);

    [LibraryImport("libc", EntryPoint = "recv", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint Recv(SafeSocketHandle socket, byte* to, nint length, int flags);

    [LibraryImport("libc", EntryPoint = "send", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint Send(SafeSocketHandle socket, byte* from, nint length, int flags);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Fcntl(SafeSocketHandle socket, int command, int value);

    [LibraryImport("libc", EntryPoint = "connect", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Connect(SafeSocketHandle socket, byte* address, int length);
}
