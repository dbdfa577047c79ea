namespace ApiSvc.Compat.Tests.Swap;

public sealed class KafkaSwapTests
{
    [Fact]
    public void Build_KafkaOnlyThroughAProject_LoadsTheSystemsLibraryToo() =>
        typeof(KafkaSwapTests)
            .Assembly.GetType("Confluent.Kafka.SystemLibrdkafka")
            .ShouldNotBeNull();
}
