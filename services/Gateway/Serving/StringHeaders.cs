using System.Text;
using ApiSvc.Gateway.Exchanges;
using Microsoft.Extensions.Primitives;

namespace ApiSvc.Gateway.Serving;

/// <summary>
/// Kestrel's fields as bytes. Kestrel and the client are set to Latin-1, which keeps every byte of a value as it came.
/// </summary>
internal sealed class StringHeaders(Arena arena) : HeaderFields
{
    private IHeaderDictionary _fields = new HeaderDictionary();

    public void Use(IHeaderDictionary fields) => _fields = fields;

    public override int Count(HeaderName name) => _fields[name.Text].Count;

    public override ReadOnlySpan<byte> Get(HeaderName name, int line = 0)
    {
        var values = _fields[name.Text];
        if (line >= values.Count || values[line] is not { Length: > 0 } text)
        {
            return default;
        }

        var bytes = arena.Take(text.Length).Span;
        Encoding.Latin1.GetBytes(text, bytes);
        return bytes;
    }

    public override void Set(HeaderName name, ReadOnlySpan<byte> value) =>
        _fields[name.Text] = Encoding.Latin1.GetString(value);

    public override void Add(HeaderName name, ReadOnlySpan<byte> value) =>
        _fields[name.Text] = StringValues.Concat(
            _fields[name.Text],
            Encoding.Latin1.GetString(value)
        );

    public override void Remove(HeaderName name) => _fields.Remove(name.Text);
}
