using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ApiSvc.Spool.Segments;

/// <summary>
/// A file in memory. What is written there is the file's content for every process at once, and stays when this process
/// is killed; the file has to be allocated whole before, or a full disk ends the process with SIGBUS.
/// </summary>
internal sealed unsafe class MappedMemory
{
    private readonly byte* _start;

    private MappedMemory(byte* start, int length)
    {
        _start = start;
        Length = length;
    }

    public int Length { get; }

    /// <exception cref="IOException">The disk is full, or does not allow it.</exception>
    public static MappedMemory Allocate(SafeFileHandle file, int length)
    {
        int error;
        do
        {
            error = Native.Allocate(file, 0, length);
        } while (error == Native.Interrupted);
        ThrowIf(error);

        var start = Native.Map(0, (nuint)length, Native.ReadWrite, Native.Shared, file, 0);
        ThrowIf(start == -1 ? Marshal.GetLastPInvokeError() : 0);
        var memory = new MappedMemory((byte*)start, length);
        try
        {
            memory.Populate();
        }
        catch
        {
            memory.Unmap();
            throw;
        }

        return memory;
    }

    public Span<byte> Slice(int offset, int length) => new(_start + offset, length);

    /// <summary>Nobody may use it afterwards.</summary>
    public void Unmap() =>
        ThrowIf(Native.Unmap((nint)_start, (nuint)Length) == 0 ? 0 : Marshal.GetLastPInvokeError());

    // A page that is there costs an append a fiftieth of one that the kernel has to find first.
    private void Populate()
    {
        int error;
        do
        {
            error =
                Native.Advise((nint)_start, (nuint)Length, Native.PopulateWrite) == 0
                    ? 0
                    : Marshal.GetLastPInvokeError();
        } while (error == Native.Interrupted);
        if (error != Native.Invalid)
        {
            ThrowIf(error);
            return;
        }

        // A kernel that does not know the advice: the same by hand.
        for (var page = 0; page < Length; page += Environment.SystemPageSize)
        {
            Volatile.Write(ref _start[page], 0);
        }
    }

    private static void ThrowIf(int error)
    {
        if (error != 0)
        {
            var cause = new Win32Exception(error);
            throw new IOException(cause.Message, cause);
        }
    }
}
