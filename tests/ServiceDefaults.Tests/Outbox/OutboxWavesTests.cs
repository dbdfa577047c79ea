using ApiSvc.ServiceDefaults.Outbox;
using FsCheck;
using FsCheck.Fluent;

namespace ApiSvc.ServiceDefaults.Tests.Outbox;

public sealed class OutboxWavesTests
{
    [Fact]
    public void Split_AnyBatch_KeepsOrderAndNeverTheSameKeyTwiceInAWave()
    {
        var keys = Gen.Elements("a", "b", "c", null).ListOf().ToArbitrary();
        Prop.ForAll(
                keys,
                batch =>
                {
                    var messages = batch.Select((key, i) => Message(i + 1, key)).ToList();
                    var waves = OutboxWaves.Split(messages).ToList();

                    return waves.SelectMany(w => w).SequenceEqual(messages)
                        && waves.All(w =>
                            w.Count > 0 && w.DistinctBy(m => m.Key).Count() == w.Count
                        );
                }
            )
            .QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Split_SameKeyInOtherTopics_IsOneWave() =>
        OutboxWaves
            .Split([Message(1, "a"), Message(2, "a") with { Topic = "other" }])
            .Count()
            .ShouldBe(1);

    private static OutboxMessage Message(long position, string? key) =>
        new()
        {
            Position = position,
            Id = Guid.CreateVersion7(),
            Topic = "topic",
            Key = key,
            Type = "type",
            Source = "/apisvc/tests",
            Time = DateTime.UtcNow,
            ContentType = "application/protobuf",
            Payload = [],
        };
}
