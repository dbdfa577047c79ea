using ApiSvc.ServiceDefaults.Sealing;
using ApiSvc.Testing;
using Dapper;
using Npgsql;

namespace ApiSvc.ServiceDefaults.Tests.Sealing;

public sealed class RewrapCommandTests : IAsyncLifetime
{
    private static readonly SealedColumn Column = new("secrets", "id", "value");
    private NpgsqlDataSource _database = null!;

    public async ValueTask InitializeAsync()
    {
        _database = NpgsqlDataSource.Create(await PostgresServer.CreateDatabaseAsync());
        await using var db = await _database.OpenConnectionAsync();
        await db.ExecuteAsync("create table secrets (id uuid primary key, value bytea)");
    }

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task Run_ValuesUnderTheOldKey_AreUnderTheNewOne()
    {
        var ids = await FillAsync(Rings.Of("k1", "k1"), 450);
        var done = await FillAsync(Rings.Of("k2", "k2"), 3);
        var before = await ReadAsync(done[0]);

        (await RunAsync(Rings.Of("k2", "k1", "k2"))).ShouldBe(0);

        var onlyNew = new Sealer(Rings.Of("k2", "k2"));
        foreach (var id in ids)
        {
            var opened = onlyNew.Open(Column.At(id), (await ReadAsync(id))!);
            opened.Text.ShouldBe(id.ToString());
        }

        (await ReadAsync(done[0])).ShouldBe(before);
    }

    [Fact]
    public async Task Run_ValuesThatDoNotOpen_AreLeftAndTheRestIsDone()
    {
        var lost = await FillAsync(Rings.Of("k9", "k9"), 201);
        var ids = await FillAsync(Rings.Of("k1", "k1"), 250);
        var before = await ReadAsync(lost[0]);

        (await RunAsync(Rings.Of("k2", "k1", "k2"))).ShouldBe(1);

        (await ReadAsync(lost[0])).ShouldBe(before);
        new Sealer(Rings.Of("k2", "k2"))
            .Open(Column.At(ids[^1]), (await ReadAsync(ids[^1]))!)
            .Failure.ShouldBe(OpenFailure.None);
    }

    [Fact]
    public async Task Run_Stopped_GoesOnWhereItWas()
    {
        await FillAsync(Rings.Of("k1", "k1"), 450);
        using var stop = new CancellationTokenSource();
        var ring = Rings.Of("k2", "k1", "k2");
        var counting = new StoppingSealer(new Sealer(ring), 300, stop);

        await Should.ThrowAsync<OperationCanceledException>(() =>
            new RewrapCommand(_database, ring, counting, [Column]).RunAsync(stop.Token)
        );
        var left = await CountOldAsync();
        var second = new StoppingSealer(new Sealer(ring), int.MaxValue, stop);
        (await new RewrapCommand(_database, ring, second, [Column]).RunAsync(default)).ShouldBe(0);

        left.ShouldBeInRange(1, 250);
        ((long)second.Sealed).ShouldBe(left);
        (await CountOldAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task Run_ValueChangedMeanwhile_KeepsTheNewerOne()
    {
        var ids = await FillAsync(Rings.Of("k1", "k1"), 1);
        var ring = Rings.Of("k2", "k1", "k2");
        var newer = new Sealer(ring).SealText(Column.At(ids[0]), "newer");

        // Between reading and replacing, the service writes.
        var sealer = new MeddlingSealer(new Sealer(ring), () => Write(ids[0], newer));
        (await new RewrapCommand(_database, ring, sealer, [Column]).RunAsync(default)).ShouldBe(0);

        (await ReadAsync(ids[0])).ShouldBe(newer);
    }

    [Fact]
    public async Task Run_TwiceAtOnce_BothEndWell()
    {
        await FillAsync(Rings.Of("k1", "k1"), 600);
        var ring = Rings.Of("k2", "k1", "k2");

        (await Task.WhenAll(RunAsync(ring), RunAsync(ring))).ShouldBe([0, 0]);

        (await CountOldAsync()).ShouldBe(0);
    }

    [Fact]
    public void SealedColumn_NameThatNeedsQuotes_IsRefused() =>
        Should.Throw<ArgumentException>(() => new SealedColumn("a; drop table b", "id", "value"));

    private Task<int> RunAsync(KeyRing ring) =>
        new RewrapCommand(_database, ring, new Sealer(ring), [Column]).RunAsync(default);

    private async Task<Guid[]> FillAsync(KeyRing ring, int count)
    {
        var sealer = new Sealer(ring);
        var ids = Enumerable.Range(0, count).Select(_ => Guid.NewGuid()).ToArray();
        await using var db = await _database.OpenConnectionAsync();
        await db.ExecuteAsync(
            "insert into secrets values (@id, @value)",
            ids.Select(id => new { id, value = sealer.SealText(Column.At(id), id.ToString()) })
        );
        await db.ExecuteAsync(
            "insert into secrets values (@id, null)",
            new { id = Guid.NewGuid() }
        );
        return ids;
    }

    private async Task<byte[]?> ReadAsync(Guid id)
    {
        await using var db = await _database.OpenConnectionAsync();
        return await db.QuerySingleAsync<byte[]?>(
            "select value from secrets where id = @id",
            new { id }
        );
    }

    private async Task<long> CountOldAsync()
    {
        await using var db = await _database.OpenConnectionAsync();
        return await db.QuerySingleAsync<long>(
            "select count(*) from secrets where substring(value from 3 for 2) = 'k1'"
        );
    }

    private void Write(Guid id, byte[] value)
    {
        using var db = _database.OpenConnection();
        db.Execute("update secrets set value = @value where id = @id", new { id, value });
    }

    private sealed class StoppingSealer(ISealer inner, int last, CancellationTokenSource stop)
        : ISealer
    {
        public int Sealed { get; private set; }

        public byte[] Seal(SealedPlace place, ReadOnlySpan<byte> plain)
        {
            if (++Sealed == last)
            {
                stop.Cancel();
            }

            return inner.Seal(place, plain);
        }

        public Opened Open(SealedPlace place, ReadOnlySpan<byte> value) => inner.Open(place, value);
    }

    private sealed class MeddlingSealer(ISealer inner, Action meddle) : ISealer
    {
        public byte[] Seal(SealedPlace place, ReadOnlySpan<byte> plain)
        {
            meddle();
            return inner.Seal(place, plain);
        }

        public Opened Open(SealedPlace place, ReadOnlySpan<byte> value) => inner.Open(place, value);
    }
}
