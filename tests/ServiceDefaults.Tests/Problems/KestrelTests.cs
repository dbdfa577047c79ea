using System.Net;
using System.Net.Sockets;
using System.Text;
using ApiSvc.ServiceDefaults.Requests;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace ApiSvc.ServiceDefaults.Tests.Problems;

/// <summary>What only the real server does.</summary>
public sealed class KestrelTests : IAsyncLifetime
{
    private WebApplication _app = null!;
    private HttpClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateBuilder(
            new WebApplicationOptions { EnvironmentName = "Production" }
        );
        builder.Configuration.AddInMemoryCollection(RestHost.Keys);
        builder.Configuration["urls"] = "http://127.0.0.1:0";
        builder.Logging.ClearProviders();
        builder.AddRestDefaults();
        _app = builder.Build();
        _app.MapRestDefaults();
        _app.MapPost("/things", (Body<Thing> body) => body.Value);
        await _app.StartAsync();
        _client = new() { BaseAddress = new(_app.Urls.First()) };
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _app.DisposeAsync();
    }

    [Fact]
    public async Task Head_Nowhere_Is404WithoutBody()
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, "/nowhere");

        var answer = await RestHost.ReadAsync(await _client.SendAsync(request));

        answer.Status.ShouldBe(HttpStatusCode.NotFound);
        answer.Text.ShouldBeEmpty();
    }

    [Fact]
    public async Task Post_PastTheLimitWithoutLength_Is413()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/things")
        {
            Content = new StringContent(
                $$"""{"name":"{{new string('x', 1024 * 1024)}}"}""",
                Encoding.UTF8,
                "application/json"
            ),
        };
        request.Headers.TransferEncodingChunked = true;

        var answer = await RestHost.ReadAsync(await _client.SendAsync(request));

        answer.Status.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        answer.Code.ShouldBe("too-large");
    }

    [Fact]
    public async Task Post_BrokenChunks_AreABadRequest()
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, _client.BaseAddress!.Port);
        await using var stream = socket.GetStream();

        await stream.WriteAsync(
            "POST /things HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nnonsense\r\n"u8.ToArray()
        );
        using var reader = new StreamReader(stream);
        var answer = await reader.ReadToEndAsync();

        answer.ShouldStartWith("HTTP/1.1 400");
        answer.ShouldContain("https://apisvc.dev/problems/bad-request");
    }

    private sealed record Thing(string Name);
}
