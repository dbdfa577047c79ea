using System.Runtime.InteropServices;

namespace ApiSvc.Gateway.Http1.Wire;

/// <summary>
/// Takes a chunked body apart (RFC 9112 section 7.1), wherever its pieces are cut. Strict: digits and nothing else for a
/// size, CRLF and nothing else for the end of a line. Extensions are read over, the trailer section is kept.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal struct ChunkedDecoder
{
    /// <summary>The longest line of a size with its extensions, and the longest trailer section.</summary>
    public const int MaxLine = 4_096;

    private const int MostDigits = 15;

    private State _state;
    private long _left;
    private int _length;

    private enum State : byte
    {
        Size,
        AfterSize,
        Extension,
        EndOfSize,
        Data,
        AfterData,
        EndOfData,
        Trailer,
        Done,
        Bad,
    }

    /// <summary>Whether the whole body was read.</summary>
    public readonly bool IsDone => _state == State.Done;

    /// <summary>Whether it is no chunked body.</summary>
    public readonly bool IsBad => _state == State.Bad;

    /// <summary>Reads on, and copies what is data.</summary>
    /// <param name="input">What came; read until it or the room is used up, or the body ends.</param>
    /// <param name="output">Room for data.</param>
    /// <param name="trailer">Gets the trailer section with the empty line, by pieces.</param>
    /// <returns>How much of the input was read, and how long the data is.</returns>
    public (int Read, int Written) Decode(
        ReadOnlySpan<byte> input,
        Span<byte> output,
        TrailerBytes trailer
    )
    {
        var read = 0;
        var written = 0;
        while (read < input.Length && _state is not (State.Done or State.Bad))
        {
            if (_state == State.Data)
            {
                var take = (int)
                    Math.Min(_left, Math.Min(input.Length - read, output.Length - written));
                if (take == 0)
                {
                    break;
                }

                input.Slice(read, take).CopyTo(output[written..]);
                read += take;
                written += take;
                _left -= take;
                _state = _left == 0 ? State.AfterData : State.Data;
                continue;
            }

            Step(input[read++], trailer);
        }

        return (read, written);
    }

    private void Step(byte value, TrailerBytes trailer)
    {
        _state = _state switch
        {
            State.Size => StepSize(value),
            State.AfterSize => value switch
            {
                (byte)' ' or (byte)'\t' => Counted(State.AfterSize),
                (byte)';' => Counted(State.Extension),
                _ => State.Bad,
            },
            State.Extension => value == '\r' ? State.EndOfSize
            : value == '\t' || value is >= 0x20 and not 0x7F ? Counted(State.Extension)
            : State.Bad,
            State.EndOfSize => value == '\n' ? AfterLine() : State.Bad,
            State.AfterData => value == '\r' ? State.EndOfData : State.Bad,
            State.EndOfData => value == '\n' ? Begin() : State.Bad,
            State.Trailer => !trailer.TryAdd(value) ? State.Bad
            : trailer.IsWhole ? State.Done
            : State.Trailer,
            _ => State.Bad,
        };
    }

    private State StepSize(byte value)
    {
        var digit = HexOf(value);
        if (digit >= 0)
        {
            _left = (_left << 4) | (uint)digit;
            return ++_length > MostDigits ? State.Bad : State.Size;
        }

        return _length == 0
            ? State.Bad
            : value switch
            {
                (byte)'\r' => State.EndOfSize,
                (byte)';' => State.Extension,
                // "Bad whitespace" before an extension; before the line's end it is just bad.
                (byte)' ' or (byte)'\t' => State.AfterSize,
                _ => State.Bad,
            };
    }

    private State Counted(State next) => ++_length > MaxLine ? State.Bad : next;

    private State AfterLine()
    {
        _length = 0;
        return _left == 0 ? State.Trailer : State.Data;
    }

    private State Begin()
    {
        _left = 0;
        _length = 0;
        return State.Size;
    }

    private static int HexOf(byte value) =>
        value switch
        {
            >= (byte)'0' and <= (byte)'9' => value - '0',
            >= (byte)'a' and <= (byte)'f' => value - 'a' + 10,
            >= (byte)'A' and <= (byte)'F' => value - 'A' + 10,
            _ => -1,
        };
}
