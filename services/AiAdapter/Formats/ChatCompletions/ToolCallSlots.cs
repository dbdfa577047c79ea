using ApiSvc.AiAdapter.Hub;
using ApiSvc.AiAdapter.Wire;

namespace ApiSvc.AiAdapter.Formats.ChatCompletions;

/// <summary>
/// Tool calls of a stream, whose fragments may come mixed while blocks may not: one call at a time passes on
/// as it comes; others wait until its arguments are a whole object.
/// </summary>
internal sealed class ToolCallSlots(AnswerSource answer, string callId, int maxBytes) : IDisposable
{
    private readonly List<Slot> _slots = [];
    private int _open = -1;
    private long _held;

    /// <summary>Adds a fragment.</summary>
    /// <param name="index">As the provider numbers calls; some number none, or all 0.</param>
    /// <returns>False if the fragment cannot belong anywhere, or too much waits.</returns>
    public bool Add(long index, string? id, string? name, ReadOnlySpan<byte> arguments)
    {
        var slot = Find(index, id, name);
        if (slot.Name.Length == 0 && name is { Length: > 0 })
        {
            slot.Name = name;
        }

        if (slot.Id.Length == 0 && id is { Length: > 0 })
        {
            slot.Id = id;
        }

        if (slot.Closed)
        {
            return arguments.TrimEnd(" \r\n\t"u8).IsEmpty;
        }

        slot.Progress.Add(arguments);
        if (_open >= 0 && _slots[_open] == slot)
        {
            if (answer.Open != BlockKind.ToolUse)
            {
                return arguments.IsEmpty;
            }

            answer.Append(BlockKind.ToolUse, arguments);
        }
        else
        {
            slot.Held.Append(arguments);
            _held += arguments.Length;
        }

        Advance(onlyComplete: true);
        return _held <= maxBytes;
    }

    /// <summary>No more fragments come: gives out what waits.</summary>
    public void Flush() => Advance(onlyComplete: false);

    public void Dispose() => _slots.ForEach(slot => slot.Held.Dispose());

    private Slot Find(long index, string? id, string? name)
    {
        for (var i = _slots.Count - 1; i >= 0; i--)
        {
            var slot = _slots[i];
            var other = id is { Length: > 0 } && slot.Id.Length > 0 && slot.Id != id;
            if (slot.Index == index && !(other && name is { Length: > 0 }))
            {
                return slot;
            }
        }

        var made = new Slot(index);
        _slots.Add(made);
        return made;
    }

    private void Advance(bool onlyComplete)
    {
        while (_open + 1 < _slots.Count)
        {
            var next = _slots[_open + 1];
            if (_open >= 0 && onlyComplete && !_slots[_open].Progress.IsComplete)
            {
                return;
            }

            if (onlyComplete && next.Name.Length == 0)
            {
                return;
            }

            if (_open >= 0)
            {
                _slots[_open].Closed = true;
            }

            _open++;
            var id = next.Id.Length > 0 ? next.Id : $"call_{callId}_{_open}";
            answer.Begin(BlockKind.ToolUse, id, next.Name);
            answer.Append(BlockKind.ToolUse, next.Held.Span);
            _held -= next.Held.Length;
            next.Held.Clear();
        }
    }

    private sealed class Slot(long index)
    {
        public JsonProgress Progress;

        public long Index => index;

        public string Id { get; set; } = "";

        public string Name { get; set; } = "";

        public bool Closed { get; set; }

        public PooledBuffer Held { get; } = new(64);
    }
}
