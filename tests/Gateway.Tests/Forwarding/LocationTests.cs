using ApiSvc.Contracts.GatewayConfig.V1;
using ApiSvc.Gateway.Tests.Calls;

namespace ApiSvc.Gateway.Tests.Forwarding;

/// <summary>Addresses in answers: those of the upstream become the gateway's, others stay.</summary>
public sealed class LocationTests(Lanes lanes)
{
    /// <summary>What the upstream at <c>{origin}/prefix</c> answers, and what the client gets; <c>^</c> stands for the base path.</summary>
    public static TheoryData<Lane, string, string> Answers
    {
        get
        {
            var data = new TheoryData<Lane, string, string>();
            foreach (var lane in (Lane[])[Lane.Memory, Lane.Http1, Lane.Tls1, Lane.Http2])
            {
                data.Add(lane, "/prefix/items/8?x=%2F#end", "^/items/8?x=%2F#end");
                data.Add(lane, "{origin}/prefix/items/8", "^/items/8");
                data.Add(lane, "//{authority}/prefix", "^");
                data.Add(lane, "{origin}/prefix?again", "^?again");
                data.Add(lane, "/prefixed/items", "/prefixed/items");
                data.Add(lane, "/login", "/login");
                data.Add(lane, "../items/9", "../items/9");
                data.Add(
                    lane,
                    "https://other.example/prefix/items",
                    "https://other.example/prefix/items"
                );
                data.Add(lane, "{origin}.example/prefix/items", "{origin}.example/prefix/items");
            }

            return data;
        }
    }

    [Theory, MemberData(nameof(Answers))]
    public async Task Answer_AddressOfTheUpstream_IsTheGateways(
        Lane lane,
        string answered,
        string expected
    )
    {
        var scene = await PutAsync("/prefix");
        var call = scene.Call() with
        {
            UpstreamStatus = 201,
            UpstreamHeaders = [("Location", Fill(answered)), ("Content-Location", Fill(answered))],
        };

        var reply = await scene.SendAsync(lane, call);

        var filled = Fill(expected).Replace("^", scene.Api.BasePath, StringComparison.Ordinal);
        reply.Header("Location").ShouldBe(filled);
        reply.Header("Content-Location").ShouldBe(filled);
    }

    [Theory]
    [InlineData("{base}/items/8", "{base}/items/8")]
    [InlineData("{origin}{base}/items/8", "{base}/items/8")]
    [InlineData("{origin}", "/")]
    [InlineData("{origin}//other.example/", "{origin}//other.example/")]
    public async Task Answer_UpstreamThatGetsTheBasePath_KnowsItsPathsAsTheClientDoes(
        string answered,
        string expected
    )
    {
        var scene = await PutAsync("", keepBasePath: true);
        string Filled(string text) =>
            Fill(text).Replace("{base}", scene.Api.BasePath, StringComparison.Ordinal);
        var call = scene.Call() with
        {
            UpstreamStatus = 303,
            UpstreamHeaders = [("Location", Filled(answered))],
        };

        foreach (var (lane, _, _) in Answers.Select(a => a.Data).DistinctBy(a => a.Item1))
        {
            (await scene.SendAsync(lane, call)).Header("Location").ShouldBe(Filled(expected));
        }
    }

    private Task<Scene> PutAsync(string prefix, bool keepBasePath = false) =>
        Scene.PutAsync(
            lanes,
            s =>
            {
                s.Api.Upstreams[0].Addresses[0].Url = lanes.Upstream.Origin + prefix;
                if (keepBasePath)
                {
                    s.Add("path", new PathSettings { KeepBasePath = true });
                }
            }
        );

    private string Fill(string text) =>
        text.Replace("{origin}", lanes.Upstream.Origin, StringComparison.Ordinal)
            .Replace(
                "{authority}",
                new Uri(lanes.Upstream.Origin).Authority,
                StringComparison.Ordinal
            );
}
