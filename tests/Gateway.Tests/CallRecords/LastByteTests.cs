using System.Net;
using ApiSvc.Contracts.GatewayConfig.V1;
using ApiSvc.Gateway.Tests.Calls;
using ApiSvc.Gateway.Tests.Forwarding;
using Microsoft.AspNetCore.Http;
using Api = ApiSvc.Contracts.GatewayConfig.V1.Api;

namespace ApiSvc.Gateway.Tests.CallRecords;

/// <summary>A call whose record is not written yet: its client has not got the end of the answer.</summary>
public sealed class LastByteTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly HttpClient _client = GatewayHost.CreateClient();
    private readonly ManualResetEventSlim _go = new();
    private readonly TaskCompletionSource _recording = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );

    private GatewayHost _host = null!;
    private RecordingUpstream _upstream = null!;
    private Api _api = null!;

    public enum Kind
    {
        Length,
        LengthInParts,
        Chunked,
        StreamWithoutABody,
        Empty,
        NoContent,
        Head,
        Problem,
        ProblemToHead,
    }

    public static MatrixTheoryData<Lane, Kind> Kinds =>
        new([Lane.Http1, Lane.Tls1, Lane.Http2], Enum.GetValues<Kind>());

    public async ValueTask InitializeAsync()
    {
        _host = await GatewayHost.StartAsync();
        _upstream = await RecordingUpstream.StartAsync(AnswerAsync);
        _api = new Api
        {
            ApiId = Scene.NewId(),
            VersionId = Scene.NewId(),
            TeamId = Scene.NewId(),
            BasePath = "/last",
            Availability = Availability.Served,
            Upstreams =
            {
                new Upstream { Addresses = { new UpstreamAddress { Url = _upstream.Origin } } },
            },
            Policies =
            {
                Scene.PolicyOf(
                    "authentication",
                    new AuthenticationSettings
                    {
                        Methods = { new AuthenticationMethod { Anonymous = new() } },
                    }
                ),
            },
        };
        (await _host.PutAsync(_api)).ShouldBeEmpty();
        await _host.PutCredentialsAsync();
        _host.Records.Before = _ =>
        {
            _recording.TrySetResult();
            _go.Wait(Patience);
        };
    }

    public async ValueTask DisposeAsync()
    {
        _go.Set();
        _client.Dispose();
        await _host.DisposeAsync();
        await _upstream.DisposeAsync();
        _go.Dispose();
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Answer_RecordIsNotWritten_HasNotEnded(Lane lane, Kind kind)
    {
        var path = kind is Kind.Problem or Kind.ProblemToHead ? "/nobody" : $"/last/{kind}";
        var method = kind is Kind.Head or Kind.ProblemToHead ? HttpMethod.Head : HttpMethod.Get;
        var call = SendAsync(lane, method, path);
        await _recording.Task.WaitAsync(Patience);
        // As long as some calls take. They pass the gateway by, one of whose threads waits for this test.
        for (var i = 0; i < 20; i++)
        {
            (await _client.GetByteArrayAsync(_upstream.Origin + "/other")).Length.ShouldBe(10);
        }

        call.IsCompleted.ShouldBeFalse();
        _go.Set();
        var body = await call.WaitAsync(Patience);
        body.Length.ShouldBe(
            kind switch
            {
                Kind.Length or Kind.LengthInParts or Kind.Chunked => 10,
                Kind.Problem => body.Length,
                _ => 0,
            }
        );
    }

    private static async Task AnswerAsync(HttpContext context)
    {
        var response = context.Response;
        switch (Enum.TryParse<Kind>(context.Request.Path.Value!.Trim('/'), out var kind), kind)
        {
            case (true, Kind.LengthInParts):
                response.ContentLength = 10;
                await response.WriteAsync("first");
                await response.Body.FlushAsync();
                await response.WriteAsync("12345");
                break;
            case (true, Kind.Chunked):
                await response.WriteAsync("first");
                await response.Body.FlushAsync();
                await response.WriteAsync("12345");
                break;
            case (true, Kind.StreamWithoutABody):
                await response.Body.FlushAsync();
                break;
            case (true, Kind.Empty):
                response.ContentLength = 0;
                break;
            case (true, Kind.NoContent):
                response.StatusCode = StatusCodes.Status204NoContent;
                break;
            case (true, Kind.Head):
                break;
            default:
                response.ContentLength = 10;
                await response.WriteAsync("0123456789");
                break;
        }
    }

    private async Task<byte[]> SendAsync(Lane lane, HttpMethod method, string path)
    {
        using var request = new HttpRequestMessage(method, _host.OriginOf(lane) + path)
        {
            Version = lane.Version(),
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        using var response = await _client.SendAsync(request);
        return await response.Content.ReadAsByteArrayAsync();
    }
}
