using ApiSvc.Interop.Peers;
using Grpc.Core;

namespace ApiSvc.Interop.Client;

/// <summary>What travels beside the messages.</summary>
internal static class MetadataCases
{
    /// <summary>Every character that an ASCII value may hold; spaces at its ends are not kept.</summary>
    private static readonly string Printable = string.Concat(
            Enumerable.Range(' ', '~' - ' ' + 1).Select(c => (char)c)
        )
        .Trim();

    public static byte[] AllBytes { get; } =
    [.. Enumerable.Range(0, 256).Select(value => (byte)value)];

    public static async Task MetadataAsync(CaseTarget target)
    {
        using var connection = new Connection(target.Target);
        using var call = connection.Probe.EchoAsync(new(), Tagged("x-head"));
        ShouldBeTagged(await call.ResponseHeadersAsync, "x-head");
        await call;
    }

    public static async Task TrailersAsync(CaseTarget target)
    {
        using var connection = new Connection(target.Target);
        using var call = connection.Probe.EchoAsync(new(), Tagged("x-tail"));
        await call;
        ShouldBeTagged(call.GetTrailers(), "x-tail");

        using var failing = connection.Probe.FailAsync(
            new() { Code = 9, Message = "no" },
            Tagged("x-tail")
        );
        var failure = await Should.ThrowAsync<RpcException>(failing.ResponseAsync);
        failure.StatusCode.ShouldBe(StatusCode.FailedPrecondition);
        ShouldBeTagged(failure.Trailers, "x-tail");
    }

    public static async Task TwoBinaryValuesAsync(CaseTarget target)
    {
        using var connection = new Connection(target.Target);
        byte[][] sent =
        [
            [1],
            [255, 254],
        ];
        var metadata = new Metadata();
        foreach (var value in sent)
        {
            metadata.Add("x-head-bin", value);
            metadata.Add("x-tail-bin", value);
        }

        using var call = connection.Probe.EchoAsync(new(), metadata);
        var headers = await call.ResponseHeadersAsync;
        headers.GetAll("x-head-bin").Select(entry => entry.ValueBytes).ShouldBe(sent);
        await call;
        call.GetTrailers().GetAll("x-tail-bin").Select(entry => entry.ValueBytes).ShouldBe(sent);
    }

    private static Metadata Tagged(string prefix) =>
        new()
        {
            { $"{prefix}-text", "plain value" },
            { $"{prefix}-printable", Printable },
            { $"{prefix}-twice", "one" },
            { $"{prefix}-twice", "two" },
            { $"{prefix}-all-bin", AllBytes },
        };

    private static void ShouldBeTagged(Metadata metadata, string prefix)
    {
        metadata.GetValue($"{prefix}-text").ShouldBe("plain value");
        metadata.GetValue($"{prefix}-printable").ShouldBe(Printable);
        // HTTP allows a list of values in one field; so does gRPC.
        string.Join(',', metadata.GetAll($"{prefix}-twice").Select(entry => entry.Value))
            .Replace(", ", ",", StringComparison.Ordinal)
            .ShouldBe("one,two");
        metadata.GetValueBytes($"{prefix}-all-bin").ShouldBe(AllBytes);
    }
}
