using ApiSvc.AiAdapter.Formats;
using ApiSvc.AiAdapter.Hub;
using ApiSvc.AiAdapter.Providers;
using ApiSvc.AiAdapter.Tests.Clients;
using ApiSvc.AiAdapter.Translation;
using ApiSvc.AiAdapter.Wire;
using ApiSvc.FakeProviders;

namespace ApiSvc.AiAdapter.Tests.Translation;

/// <summary>Every client format with every provider's.</summary>
internal static class Pairs
{
    public static DateTimeOffset Time { get; } = new(2026, 11, 27, 10, 0, 0, TimeSpan.Zero);

    public static IEnumerable<(Client Client, FakeWire Wire)> All =>
        from client in Client.All
        from wire in FakeWire.All
        select (client, wire);

    /// <summary>A deployment at a provider that speaks this.</summary>
    public static Deployment Deployment(this FakeWire wire) =>
        new()
        {
            Name = "test",
            Provider = new()
            {
                Name = wire.Family,
                Family = wire.Family,
                Address = "https://provider.example/v1",
            },
            Model = "some-model",
            KeyName = "key-1",
        };

    public static HubRequest Request(Client client, bool stream)
    {
        var body = System.Text.Encoding.UTF8.GetBytes(client.Request(stream));
        return client.Format.ReadRequest(body).ShouldBeOfType<ReadOutcome.Read>().Request;
    }

    /// <summary>Translates, never passes through, so that each pair is told anew.</summary>
    public static (byte[] Output, CallTap Tap) Translate(
        Client client,
        FakeWire wire,
        IEnumerable<ReadOnlyMemory<byte>> chunks
    ) => Translate(client, wire, Request(client, stream: true), chunks);

    public static (byte[] Output, CallTap Tap) Translate(
        Client client,
        FakeWire wire,
        HubRequest request,
        IEnumerable<ReadOnlyMemory<byte>> chunks
    )
    {
        using var output = new PooledBuffer();
        using var stream = new TranslatedStream(
            Families.All[wire.Family],
            new(wire.Deployment(), "c1"),
            client.Format,
            new(request, "c1", Time),
            output
        );
        foreach (var chunk in chunks)
        {
            stream.Push(chunk.Span);
        }

        stream.Complete();
        stream.Ended.ShouldBeTrue();
        return (output.Span.ToArray(), stream.Tap);
    }

    public static ClientAnswer Whole(Client client, FakeWire wire, Script script)
    {
        var fold = new AnswerFold();
        Families
            .All[wire.Family]
            .ReadAnswer(wire.Whole(script), new(wire.Deployment(), "c1"), fold);
        fold.Failure.ShouldBeNull();
        using var output = new PooledBuffer();
        client.Format.WriteAnswer(
            fold.Answer.ShouldNotBeNull(),
            new(Request(client, stream: false), "c1", Time),
            output
        );
        return client.ReadWhole(output.Span.ToArray());
    }
}
