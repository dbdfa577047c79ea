namespace ApiSvc.AiAdapter.Wire;

/// <summary>Follows the text of a JSON object that comes in pieces, to know when it is whole.</summary>
internal struct JsonProgress
{
    private int _depth;
    private bool _inString;
    private bool _escaped;

    /// <summary>The outermost object or array has closed: more than white space cannot follow.</summary>
    public bool IsComplete { get; private set; }

    public void Add(ReadOnlySpan<byte> text)
    {
        foreach (var value in text)
        {
            if (_inString)
            {
                _inString = _escaped || value != (byte)'"';
                _escaped = !_escaped && value == (byte)'\\';
            }
            else if (value is (byte)'{' or (byte)'[')
            {
                _depth++;
            }
            else if (value is (byte)'}' or (byte)']')
            {
                IsComplete |= --_depth == 0;
            }
            else if (value == (byte)'"')
            {
                _inString = true;
            }
        }
    }
}
