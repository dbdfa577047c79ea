namespace ApiSvc.Gateway.Tests.Http1.Refusals;

/// <summary>A request that must be refused, a character a byte.</summary>
/// <param name="Name">What is wrong with it.</param>
/// <param name="Bytes">All of it; <c>{p}</c> stands for a path that no other request has.</param>
/// <param name="Status">What it is refused with.</param>
internal sealed record BadRequest(string Name, string Bytes, int Status = 400)
{
    /// <summary>Whether the fault is behind the head: the upstream may then see a part of it, never all.</summary>
    public bool InBody { get; init; }

    /// <summary>One with this request line, with its fault.</summary>
    public static BadRequest Line(string line, int status = 400) =>
        new($"line {line}", $"{line}\r\nHost: a\r\n\r\n", status);

    /// <summary>One with these lines of fields behind a host.</summary>
    public static BadRequest Field(string lines, int status = 400) =>
        new($"field {lines}", $"GET {{p}} HTTP/1.1\r\nHost: a\r\n{lines}\r\n\r\n", status);

    /// <summary>One with these lines of fields about its body, and five bytes of it.</summary>
    public static BadRequest Framing(string lines, int status = 400) =>
        new($"framing {lines}", $"POST {{p}} HTTP/1.1\r\nHost: a\r\n{lines}\r\n\r\nhello", status);

    /// <summary>One with these lines of fields about its body, which is in chunks.</summary>
    public static BadRequest Coding(string lines, int status = 400, string version = "HTTP/1.1") =>
        new(
            $"coding {version} {lines}",
            $"POST {{p}} {version}\r\nHost: a\r\n{lines}\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
            status
        );

    /// <summary>One whose chunks are these.</summary>
    public static BadRequest Chunks(string body, int status = 400) =>
        new(
            $"chunks {(body.Length > 80 ? body[..60] + body.Length : body)}",
            $"POST {{p}} HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n{body}",
            status
        )
        {
            InBody = true,
        };

    /// <summary>One with these lines of hosts, or none.</summary>
    public static BadRequest Host(string lines) =>
        new($"host {lines}", $"GET {{p}} HTTP/1.1\r\n{lines}X-A: b\r\n\r\n");
}
