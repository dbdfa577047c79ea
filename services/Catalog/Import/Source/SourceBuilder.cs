using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace ApiSvc.Catalog.Import.Source;

/// <summary>Writes JSON text and its tokens side by side; can repeat what it has written.</summary>
internal sealed class SourceBuilder(int capacity)
{
    private readonly TokenList _tokens = new(capacity / 12);
    private byte[] _json = new byte[Math.Max(256, capacity + capacity / 4)];
    private int _length;

    public int Count => _tokens.Count;

    public int Depth => _tokens.Depth;

    public ref readonly SourceToken this[int index] => ref _tokens[index];

    public int Open(SourceKind kind, int line)
    {
        Separate();
        var index = _tokens.Add(kind, _length, 0, line);
        Write(kind == SourceKind.Object ? "{"u8 : "["u8);
        return index;
    }

    public void Close(SourceKind kind)
    {
        Write(kind == SourceKind.Object ? "}"u8 : "]"u8);
        _tokens.Close(_length);
    }

    public int AddName(string name, int line)
    {
        var index = AddQuoted(SourceKind.Name, name, line);
        Write(":"u8);
        return index;
    }

    public int AddText(string text, int line) => AddQuoted(SourceKind.Text, text, line);

    /// <summary>Adds a number, a truth value or null, in JSON.</summary>
    public int AddLiteral(SourceKind kind, string json, int line)
    {
        Separate();
        var index = _tokens.Add(kind, _length, json.Length, line);
        Write(Encoding.ASCII.GetBytes(json));
        return index;
    }

    /// <summary>Adds again what a value, which is closed, holds.</summary>
    /// <param name="line">Where it is used.</param>
    public int Repeat(int index, int line)
    {
        Separate();
        var source = _tokens[index];
        var copy = _tokens.Count;
        var from = source.Offset;
        var to = _length;
        for (var at = index; at < source.End; at++)
        {
            var token = _tokens[at];
            var kind = at == index && token.Kind == SourceKind.Name ? SourceKind.Text : token.Kind;
            var added = _tokens.Add(
                kind,
                token.Offset - from + to,
                token.Length,
                at == index ? line : token.Line,
                token.Escaped
            );
            if (kind is SourceKind.Object or SourceKind.List)
            {
                _tokens.Close(token.Offset + token.Length - from + to);
            }

            _tokens[added].End = token.End - index + copy;
        }

        Reserve(source.Length);
        _json.AsSpan(from, source.Length).CopyTo(_json.AsSpan(to));
        _length += source.Length;
        return copy;
    }

    public string TextOf(int index) =>
        JsonElement.Parse(_json.AsSpan(_tokens[index].Offset, _tokens[index].Length)).GetString()!;

    public SourceDocument Build(DocumentSyntax syntax) =>
        new(_json.AsMemory(0, _length), _tokens.ToArray(), _tokens.Count, syntax);

    private int AddQuoted(SourceKind kind, string text, int line)
    {
        Separate();
        var encoded = JsonEncodedText
            .Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)
            .EncodedUtf8Bytes;
        var index = _tokens.Add(
            kind,
            _length,
            encoded.Length + 2,
            line,
            encoded.Contains((byte)'\\')
        );
        Write("\""u8);
        Write(encoded);
        Write("\""u8);
        return index;
    }

    private void Separate()
    {
        if (_length > 0 && _json[_length - 1] is not ((byte)'{' or (byte)'[' or (byte)':'))
        {
            Write(","u8);
        }
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        Reserve(bytes.Length);
        bytes.CopyTo(_json.AsSpan(_length));
        _length += bytes.Length;
    }

    private void Reserve(int more)
    {
        if (_length + more > _json.Length)
        {
            Array.Resize(
                ref _json,
                Math.Max(_length + more, checked(_json.Length + _json.Length / 2))
            );
        }
    }
}
