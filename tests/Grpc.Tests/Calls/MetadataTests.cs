using Grpc.Core;

namespace ApiSvc.GrpcTests.Calls;

public sealed class MetadataTests
{
    [Fact]
    public async Task Headers_TextAndBinary_GoBothWays()
    {
        await using var host = await ProbeHost.StartAsync();
        var sent = new Metadata
        {
            { "probe-text", "plain" },
            { "probe-many", "one" },
            { "probe-many", "two" },
            { "probe-0-bin", [] },
            { "probe-1-bin", [255] },
            { "probe-2-bin", [255, 0] },
            { "probe-3-bin", [1, 2, 3] },
            { "probe-3-bin", [4, 5] },
        };

        using var call = host.Client().UnaryAsync(new ProbeRequest { Text = "metadata" }, sent);
        var headers = await call.ResponseHeadersAsync;
        await call;

        foreach (
            var (received, prefix) in new[] { (headers, ""), (call.GetTrailers(), "trailing-") }
        )
        {
            received.GetValue(prefix + "probe-text").ShouldBe("plain");
            // HttpClient joins what has one key, as HTTP allows.
            received.GetValue(prefix + "probe-many").ShouldBe("one, two");
            received.GetValueBytes(prefix + "probe-0-bin").ShouldBe([]);
            received.GetValueBytes(prefix + "probe-1-bin").ShouldBe([255]);
            received.GetValueBytes(prefix + "probe-2-bin").ShouldBe([255, 0]);
            received
                .GetAll(prefix + "probe-3-bin")
                .Select(entry => entry.ValueBytes)
                .ShouldBe([
                    [1, 2, 3],
                    [4, 5],
                ]);
        }
    }

    [Fact]
    public void Add_WrongKind_Throws()
    {
        Should.Throw<ArgumentException>(() => new Metadata { { "key-bin", "text" } });
        Should.Throw<ArgumentException>(() => new Metadata { { "key", [1] } });
        Should.Throw<ArgumentException>(() => new Metadata { { "no blanks", "text" } });
        Should.Throw<InvalidOperationException>(() => Metadata.Empty.Add("key", "text"));
        new Metadata { { "Upper", "text" } }
            .Single()
            .Key.ShouldBe("upper");
    }

    [Fact]
    public void GetValue_SeveralEntries_GivesTheLast()
    {
        var metadata = new Metadata { { "key", "first" }, { "key", "last" } };

        metadata.GetValue("KEY").ShouldBe("last");
        metadata.GetValue("other").ShouldBeNull();
    }
}
