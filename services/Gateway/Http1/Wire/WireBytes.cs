using System.Buffers;

namespace ApiSvc.Gateway.Http1.Wire;

/// <summary>The sets of bytes that HTTP/1.1 messages are made of (RFC 9110 section 5.5 and 5.6.2, RFC 9112 section 3).</summary>
internal static class WireBytes
{
    /// <summary><c>tchar</c>: methods and field names.</summary>
    public static readonly SearchValues<byte> Token = SearchValues.Create(
        "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8
    );

    /// <summary>Field values and reason phrases: visible characters, space, tab, and bytes that are not ASCII.</summary>
    public static readonly SearchValues<byte> Value = SearchValues.Create([
        (byte)'\t',
        .. Enumerable.Range(0x20, 0x5F).Select(b => (byte)b),
        .. Enumerable.Range(0x80, 0x80).Select(b => (byte)b),
    ]);

    /// <summary>Request targets: visible characters without the fragment's, which is never sent.</summary>
    public static readonly SearchValues<byte> Target = SearchValues.Create([
        .. Enumerable.Range(0x21, 0x5E).Where(b => b != '#').Select(b => (byte)b),
    ]);

    /// <summary>Names of hosts as <c>reg-name</c> (RFC 3986 section 3.2.2); an address in brackets is looked at apart.</summary>
    public static readonly SearchValues<byte> Host = SearchValues.Create(
        "-._~%!$&'()*+,;=0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8
    );

    public static ReadOnlySpan<byte> NewLine => "\r\n"u8;

    public static ReadOnlySpan<byte> EndOfHead => "\r\n\r\n"u8;

    /// <summary>Without spaces and tabs around it (OWS).</summary>
    public static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> value) => value.Trim(" \t"u8);
}
