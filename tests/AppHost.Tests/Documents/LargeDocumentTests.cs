using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using ApiSvc.AppHost.Tests.Calls;

namespace ApiSvc.AppHost.Tests.Documents;

/// <summary>A document past the limit of 64 MiB: 413, and the connection serves on or ends in order.</summary>
[Collection<OpenSuiteTests>]
public sealed class LargeDocumentTests(OpenSuite open, ITestOutputHelper output)
{
    private const int Length = 65 << 20;

    private static readonly byte[] Part = Encoding.ASCII.GetBytes(new string(' ', 1 << 16));

    [Fact]
    public async Task Import_PastTheLimitOverHttp2_Is413AndTheConnectionServesOn()
    {
        var api = await open.Shop.NewApiAsync();
        var before = await CatalogLists.ReadAsync(open.Door, api);
        using var client = open.Door.Over(HttpVersion.Version20);
        var token = await open.Door.Tokens.OfAsync("admin", "catalog");

        var refused = await open.Door.AskAsync(
            token,
            "catalog",
            HttpMethod.Put,
            $"apis/{api}/versions/v1/specification",
            new ByteArrayContent(new byte[Length])
            {
                Headers = { ContentType = new MediaTypeHeaderValue("application/json") },
            },
            client
        );

        output.WriteLine($"{(int)refused.Status} {refused.Text}");
        refused.ShouldBeProblem(HttpStatusCode.RequestEntityTooLarge, "too-large");
        var next = await open.Door.AskAsync(
            token,
            "catalog",
            HttpMethod.Get,
            $"apis/{api}",
            client: client
        );
        next.Success();
        (await CatalogLists.ReadAsync(open.Door, api)).ShouldBe(before);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Import_PastTheLimitOverHttp1_Is413AndTheConnectionServesOnOrEnds(
        bool isChunked
    )
    {
        var api = await open.Shop.NewApiAsync();
        var before = await CatalogLists.ReadAsync(open.Door, api);
        var token = await open.Door.Tokens.OfAsync("admin", "catalog");
        await using var stream = await open.Door.ConnectAsync();
        var reader = new MessageReader(stream);

        var sending = SendAsync(stream, api, token, isChunked);
        var refused = await reader.ReadAsync(CancellationToken.None);
        await sending;

        output.WriteLine($"{refused!.Line} {Encoding.UTF8.GetString(refused.Body)}");
        AnswerOf(refused).ShouldBeProblem(HttpStatusCode.RequestEntityTooLarge, "too-large");
        if (refused.Of("Connection") == "close")
        {
            // Its end, and not a reset, which could take the answer with it.
            (await reader.ReadAsync(CancellationToken.None)).ShouldBeNull();
        }
        else
        {
            await stream.WriteAsync(Head(HttpMethod.Get, $"apis/{api}", token, ""));
            (await reader.ReadAsync(CancellationToken.None))!.Line.ShouldBe("HTTP/1.1 200 OK");
        }

        (await CatalogLists.ReadAsync(open.Door, api)).ShouldBe(before);
    }

    private async Task SendAsync(Stream stream, string api, string token, bool isChunked)
    {
        await stream.WriteAsync(
            Head(
                HttpMethod.Put,
                $"apis/{api}/versions/v1/specification",
                token,
                "Content-Type: application/json\r\n"
                    + (
                        isChunked
                            ? "Transfer-Encoding: chunked\r\n"
                            : $"Content-Length: {Length}\r\n"
                    )
            )
        );
        var before = isChunked
            ? Encoding.ASCII.GetBytes(
                $"{Part.Length.ToString("x", CultureInfo.InvariantCulture)}\r\n"
            )
            : [];
        var after = isChunked ? "\r\n"u8.ToArray() : [];
        for (var sent = 0; sent < Length; sent += Part.Length)
        {
            await stream.WriteAsync((byte[])[.. before, .. Part, .. after]);
        }

        await stream.WriteAsync(isChunked ? "0\r\n\r\n"u8.ToArray() : []);
        await stream.FlushAsync();
    }

    private byte[] Head(HttpMethod method, string path, string token, string fields) =>
        Encoding.ASCII.GetBytes(
            $"{method} /apisvc/catalog/v1/{path} HTTP/1.1\r\nHost: {open.Door.Address.Authority}\r\nAuthorization: Bearer {token}\r\n{fields}\r\n"
        );

    private static ManagementAnswer AnswerOf(RawMessage message) =>
        new(
            (HttpStatusCode)int.Parse(message.Line.Split(' ')[1], CultureInfo.InvariantCulture),
            message.Of("Content-Type")?.Split(';')[0] ?? "",
            Encoding.UTF8.GetString(message.Body)
        );
}
