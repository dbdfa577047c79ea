using System.Buffers.Binary;
using ApiSvc.BrokerTests.Brokers;
using ApiSvc.BrokerTests.Clients;

namespace ApiSvc.BrokerTests.Server;

public sealed class ConnectionTests
{
    private const short ApiVersions = 18;
    private const short Fetch = 1;

    [Fact]
    public async Task ApiVersions_OfANewerVersion_IsAnsweredInVersion0()
    {
        await using var broker = await TestBroker.StartAsync();
        using var connection = await RawConnection.OpenAsync(broker.Address);

        await connection.SendAsync(ApiVersions, 4, 7);
        var answer = (await connection.ReadAsync()).ShouldNotBeNull();

        BinaryPrimitives.ReadInt32BigEndian(answer).ShouldBe(7);
        BinaryPrimitives.ReadInt16BigEndian(answer.AsSpan(4)).ShouldBe((short)35);
        BinaryPrimitives.ReadInt32BigEndian(answer.AsSpan(6)).ShouldBe(18);
        answer.Length.ShouldBe(10 + (18 * 6));
    }

    [Theory]
    [InlineData(999, 0)]
    [InlineData(0, 99)]
    [InlineData(3, -1)]
    [InlineData(11, 5)]
    public async Task Request_UnknownOrTruncated_ClosesOnlyItsConnection(short key, short version)
    {
        await using var broker = await TestBroker.StartAsync();
        using var other = await RawConnection.OpenAsync(broker.Address);
        using var connection = await RawConnection.OpenAsync(broker.Address);

        await connection.SendAsync(key, version, 1, 0, 200, 1);

        (await connection.ReadAsync()).ShouldBeNull();
        await other.SendAsync(ApiVersions, 0, 2);
        (await other.ReadAsync()).ShouldNotBeNull();
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(3)]
    [InlineData(5 * 1024 * 1024)]
    public async Task Frame_OfImpossibleSize_ClosesTheConnection(int size)
    {
        await using var broker = await TestBroker.StartAsync();
        using var connection = await RawConnection.OpenAsync(broker.Address);
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, size);

        await connection.Stream.WriteAsync(bytes);

        (await connection.ReadAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task Bytes_AtRandom_HurtNobodyElse()
    {
        await using var broker = await TestBroker.StartAsync();
        var random = new Random(17);
        for (var i = 0; i < 300; i++)
        {
            using var connection = await RawConnection.OpenAsync(broker.Address);
            var body = new byte[random.Next(60)];
            random.NextBytes(body);
            await connection.SendAsync((short)random.Next(33), (short)random.Next(8), i, body);
        }

        Rdkafka.Produce(broker.Address, "t", ["still here"]);
    }

    [Fact]
    public async Task Fetch_ClientDoesNotRead_MemoryIsBounded()
    {
        await using var broker = await TestBroker.StartAsync();
        Rdkafka.Produce(broker.Address, "t", Enumerable.Repeat(new string('x', 100_000), 300));
        var connections = new List<RawConnection>();
        GC.Collect();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var i = 0; i < 20; i++)
        {
            var connection = await RawConnection.OpenAsync(broker.Address);
            connections.Add(connection);
            await connection.SendAsync(Fetch, 4, i, FetchAll("t"));
        }

        // All have begun to be answered; none reads on.
        foreach (var connection in connections)
        {
            await connection.Stream.ReadExactlyAsync(new byte[1000]);
        }

        var used = GC.GetTotalMemory(forceFullCollection: true) - before;
        connections.ForEach(connection => connection.Dispose());

        // 20 answers of 30 MB.
        used.ShouldBeLessThan(30_000_000);
    }

    private static byte[] FetchAll(string topic)
    {
        using var body = new MemoryStream();
        using var writer = new BinaryWriter(body);
        foreach (var number in (int[])[-1, 100, 1, 50_000_000])
        {
            writer.Write(BinaryPrimitives.ReverseEndianness(number));
        }

        writer.Write((byte)0);
        writer.Write(BinaryPrimitives.ReverseEndianness(1));
        writer.Write(BinaryPrimitives.ReverseEndianness((short)topic.Length));
        writer.Write(System.Text.Encoding.UTF8.GetBytes(topic));
        writer.Write(BinaryPrimitives.ReverseEndianness(1));
        writer.Write(0);
        writer.Write(0L);
        writer.Write(BinaryPrimitives.ReverseEndianness(50_000_000));
        return body.ToArray();
    }
}
