using System.Net;
using System.Text.Json;
using ApiSvc.Contracts.Events.V1;
using ApiSvc.ServiceDefaults.Audit;
using ApiSvc.ServiceDefaults.Permissions;
using ApiSvc.ServiceDefaults.Tests.Data;
using Npgsql;

namespace ApiSvc.ServiceDefaults.Tests.Audit;

public sealed class AuditChainTests
{
    private const string Off = "alter table service.audit_log disable trigger all;";

    [Fact]
    public async Task VerifyAsync_AsWritten_IsWhole()
    {
        await using var database = await TestDatabase.CreateAsync();
        (await VerifyAsync(database)).ShouldBe(new AuditVerification(0));

        await AppendAsync(database, 5);

        var whole = await VerifyAsync(database);
        whole.BrokenAt.ShouldBeNull();
        whole.Entries.ShouldBe(5);
        whole.Last.ShouldBe(await LastAsync(database));
        (await VerifyAsync(database, whole.Last)).ShouldBe(whole);
    }

    [Fact]
    public async Task VerifyAsync_WrittenSideBySide_IsWhole()
    {
        await using var database = await TestDatabase.CreateAsync();

        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => AppendAsync(database, 10)));

        var whole = await VerifyAsync(database);
        (whole.Entries, whole.BrokenAt).ShouldBe((100, null));
    }

    [Theory]
    [InlineData("update service.audit_log set actor = 'somebody else' where position = 3", 3)]
    [InlineData("update service.audit_log set after_state = '{\"n\": 3}' where position = 3", 3)]
    [InlineData("update service.audit_log set client_id = '' where position = 3", 3)]
    [InlineData(
        "update service.audit_log set time = time + interval '1 microsecond' where position = 3",
        3
    )]
    [InlineData("delete from service.audit_log where position = 5", 5)]
    [InlineData("delete from service.audit_log where position = 1", 1)]
    [InlineData("delete from service.audit_log where position = 3", 3)]
    [InlineData("delete from service.audit_log", 1)]
    [InlineData(
        "update service.audit_log set position = -position where position in (2, 3); update service.audit_log set position = 5 + position where position < 0",
        2
    )]
    [InlineData(
        "insert into service.audit_log select 6, gen_random_uuid(), time, actor_kind, actor, client_id, address, action, object_kind, object_id, team, result, before_state, after_state, trace_id, hash from service.audit_log where position = 5",
        6
    )]
    [InlineData("update service.outbox_head set audit_hash = decode(repeat('00', 32), 'hex')", 5)]
    public async Task VerifyAsync_TamperedWith_FindsTheFirstPlace(string tampering, long position)
    {
        await using var database = await TestDatabase.CreateAsync();
        await AppendAsync(database, 5);

        await database.ExecuteAsync(Off + tampering);

        (await VerifyAsync(database)).BrokenAt.ShouldBe(position);
    }

    [Fact]
    public async Task VerifyAsync_CutOffWithItsHead_IsFoundAgainstWhatWasPublished()
    {
        await using var database = await TestDatabase.CreateAsync();
        await AppendAsync(database, 5);
        var published = await LastAsync(database);

        await database.ExecuteAsync(
            Off
                + """
                delete from service.audit_log where position > 3;
                update service.outbox_head set audit_position = 3,
                  audit_hash = (select hash from service.audit_log where position = 3)
                """
        );

        // Nothing in the database says that there was more.
        (await VerifyAsync(database)).BrokenAt.ShouldBeNull();
        var found = await VerifyAsync(database, published);
        found.BrokenAt.ShouldBe(4);
        found.Reason.ShouldBe("the entry is missing; 5 were published");
        // Nor does what the service adds afterwards hide it.
        await AppendAsync(database, 3);
        (await VerifyAsync(database)).BrokenAt.ShouldBeNull();
        (await VerifyAsync(database, published)).BrokenAt.ShouldBe(5);
    }

    [Fact]
    public async Task VerifyAsync_AllHashesWrittenAnew_IsFoundAgainstWhatWasPublished()
    {
        await using var database = await TestDatabase.CreateAsync();
        await AppendAsync(database, 5);
        var published = await LastAsync(database);

        await database.ExecuteAsync(
            Off + "update service.audit_log set actor = 'somebody else' where position = 2"
        );
        await WriteHashesAnewAsync(database);

        (await VerifyAsync(database)).BrokenAt.ShouldBeNull();
        var found = await VerifyAsync(database, published);
        found.BrokenAt.ShouldBe(5);
        found.Reason!.ShouldContain("written anew");
    }

    [Theory]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("5:abc")]
    [InlineData("0:0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("-1:0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("5:g000000000000000000000000000000000000000000000000000000000000000")]
    public void TryParse_OfNoAnchor_SaysSo(string text) =>
        AuditAnchor.TryParse(text, out _).ShouldBeFalse();

    [Theory]
    [InlineData("update service.audit_log set actor = 'somebody else'")]
    [InlineData("delete from service.audit_log")]
    [InlineData("truncate service.audit_log")]
    public async Task Table_Changed_Refuses(string change)
    {
        await using var database = await TestDatabase.CreateAsync();
        await AppendAsync(database, 1);

        var refused = await Should.ThrowAsync<PostgresException>(() =>
            database.ExecuteAsync(change)
        );

        refused.MessageText.ShouldBe("service.audit_log is append-only");
    }

    [Fact]
    public async Task AddAudit_FullEntry_IsStoredWithoutSecrets()
    {
        await using var database = await TestDatabase.CreateAsync();
        var team = Guid.CreateVersion7();
        await AppendFullAsync(database, team);

        var row = await database.QueryAsync<(
            string,
            string,
            string,
            string,
            Guid,
            string,
            string,
            string
        )>(
            """
            select actor_kind, actor, client_id, address, team, result, before_state::text, after_state::text
            from service.audit_log
            """
        );
        row.ShouldBe([
            (
                "user",
                "user_1",
                "portal",
                "2001:db8::1",
                team,
                "denied",
                """{"name":"a","apiKey":"***"}""",
                """{"name":"b","apiKey":"***"}"""
            ),
        ]);
    }

    [Fact]
    public async Task AddAudit_FullEntry_IsPublishedWithItsPlaceInTheChain()
    {
        await using var database = await TestDatabase.CreateAsync();
        await AppendFullAsync(database, Guid.CreateVersion7());

        var payload = await database.ScalarAsync<byte[]>(
            "select payload from service.outbox where topic = 'apisvc.audit' and key = 'prov_1'"
        );
        var published = AuditEvent.Parser.ParseFrom(payload);
        published.Service.ShouldBe("tests");
        published.Position.ShouldBe(1u);
        published.After.ShouldBe("""{"name":"b","apiKey":"***"}""");
        published
            .Hash.ToByteArray()
            .ShouldBe(await database.ScalarAsync<byte[]>("select hash from service.audit_log"));
    }

    private static async Task AppendFullAsync(TestDatabase database, Guid team)
    {
        await using (var work = database.Begin())
        {
            work.AddAudit(
                new AuditEntry
                {
                    Caller = new Caller
                    {
                        Kind = CallerKind.User,
                        Subject = "user_1",
                        ClientId = "portal",
                    },
                    Address = IPAddress.Parse("2001:db8::1"),
                    Action = "provider.update",
                    ObjectKind = "provider",
                    ObjectId = "prov_1",
                    Team = team,
                    Result = AuditResult.Denied,
                    Before = new { Name = "a", ApiKey = "s3cr3t" },
                    After = new { Name = "b", ApiKey = "s3cr3t" },
                }
            );
            await work.CommitAsync();
        }
    }

    private static async Task AppendAsync(TestDatabase database, int entries)
    {
        for (var i = 1; i <= entries; i++)
        {
            await using var work = database.Begin();
            work.AddAudit(UnitOfWorkTests.Audit($"thing_{i}", after: new { n = i }));
            await work.CommitAsync();
        }
    }

    private static Task<AuditVerification> VerifyAsync(
        TestDatabase database,
        AuditAnchor? anchor = null
    ) => new AuditChain(database.DataSource).VerifyAsync(anchor);

    private static async Task<AuditAnchor> LastAsync(TestDatabase database) =>
        AuditAnchor.Of(
            await database.ScalarAsync<long>("select audit_position from service.outbox_head"),
            (await database.ScalarAsync<byte[]>("select audit_hash from service.outbox_head"))!
        );

    // As whoever owns the database and knows how hashes are made can.
    private static async Task WriteHashesAnewAsync(TestDatabase database)
    {
        var entries = new List<AuditRecord>();
        await using (
            var rows = await database
                .DataSource.CreateCommand(
                    $"select {AuditTable.Columns} from service.audit_log order by position"
                )
                .ExecuteReaderAsync()
        )
        {
            while (await rows.ReadAsync())
            {
                entries.Add(AuditTable.Read(rows).Entry);
            }
        }

        var hash = AuditChain.Start;
        foreach (var entry in entries)
        {
            hash = AuditChain.Hash(hash, entry);
            await database.ExecuteAsync(
                $"update service.audit_log set hash = '\\x{Convert.ToHexString(hash)}' where position = {entry.Position}"
            );
        }

        await database.ExecuteAsync(
            $"update service.outbox_head set audit_hash = '\\x{Convert.ToHexString(hash)}'"
        );
    }
}
