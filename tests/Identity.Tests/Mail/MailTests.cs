using System.Text.Json.Nodes;
using ApiSvc.Contracts.Identity.V1;
using ApiSvc.Identity.Mail;
using ApiSvc.Testing;
using Dapper;
using Grpc.Core;
using Npgsql;

namespace ApiSvc.Identity.Tests.Mail;

public sealed class MailTests
{
    // Long, with what encodings get wrong: umlauts, emoji, lines that begin with dots and From.
    private const string Text =
        "Die Fehlerrate der Bestell-API liegt über 5 % 🚨\n.\n..zwei Punkte\nFrom hier an geht es weiter.\n"
        + "Eine lange Zeile, länger als achtundsiebzig Zeichen, damit umbrochen werden muss, ohne dass etwas davon verloren geht: äöüß.\n";

    private const string Subject =
        "Feuert: Fehlerrate über 5 % – Bestell-API „Größenänderung“ in Produktion, dringend, bitte ansehen 🚨";

    [Fact]
    public async Task SendEmail_OfText_ArrivesAsItWasWritten()
    {
        await using var server = await MailServer.StartAsync();
        await using var host = await IdentityHost.StartReadyAsync(null, server.Settings());

        await SendAsync(host, Request("a@example.org", "b@example.org"));
        var mails = await server.SawAsync(2);

        mails
            .Select(m => (string)m["recipients"]!.AsArray().Single()!)
            .ShouldBe(["a@example.org", "b@example.org"], ignoreOrder: true);
        foreach (var mail in mails)
        {
            ((string)mail["to"]!).ShouldBe((string)mail["recipients"]![0]!);
            ((string)mail["sender"]!).ShouldBe("no-reply@example.org");
            ((string)mail["from"]!).ShouldBe("\"Die Prüfer\" <no-reply@example.org>");
            ((string)mail["subject"]!).ShouldBe(Subject);
            ((string)mail["text"]!).TrimEnd().ShouldBe(Text.TrimEnd());
            ((string)mail["html"]!).TrimEnd().ShouldBe("<p>über 5 % 🚨</p>");
            ((string)mail["messageId"]!).ShouldMatch("^<[0-9a-f]{32}@example.org>$");
            ((string)mail["autoSubmitted"]!).ShouldBe("auto-generated");
            var raw = (string)mail["raw"]!;
            raw.ShouldAllBe(c => c == '\r' || c == '\n' || (c >= 32 && c < 127));
            raw.Split("\r\n").ShouldAllBe(line => line.Length <= 78 && !line.Contains('\n'));
        }
    }

    [Fact]
    public async Task SendEmail_ServerPutsOff_IsTriedAgainAfterGrowingPauses()
    {
        await using var server = await MailServer.StartAsync(new() { ["failures"] = 2 });
        await using var host = await IdentityHost.StartReadyAsync(null, server.Settings());

        await SendAsync(host, Request("a@example.org"));
        foreach (var attempt in (int[])[1, 2])
        {
            var put = await Eventually.GetAsync(
                () => RowAsync(host),
                row => row.Attempts == attempt && row.Error is not null && row.Pause > 0
            );
            put.Status.ShouldBe("Waiting");
            put.Error!.ShouldContain("Later");
            put.Pause.ShouldBeInRange(
                MailSending.Pauses[attempt - 1].TotalSeconds - 8,
                MailSending.Pauses[attempt - 1].TotalSeconds
            );
            await ExecuteAsync(host, "update email set due_at = now(), last_error = null");
        }

        var seen = await server.SawAsync(3);
        ((string)seen[2]["subject"]!).ShouldBe(Subject);
        var sent = await Eventually.GetAsync(() => RowAsync(host), row => row.Status == "Sent");
        sent.Attempts.ShouldBe(3);
        sent.HasContent.ShouldBeFalse();
    }

    [Fact]
    public async Task SendEmail_AfterTheLastPause_IsGivenUpAndLogged()
    {
        await using var server = await MailServer.StartAsync(new() { ["failures"] = 1000 });
        await using var host = await IdentityHost.StartReadyAsync(null, server.Settings());
        await SendAsync(host, Request("a@example.org"));
        await Eventually.GetAsync(
            () => RowAsync(host),
            row => row.Attempts == 1 && row.Error is not null
        );

        await ExecuteAsync(
            host,
            $"update email set due_at = now(), attempts = {MailSending.Pauses.Count}"
        );

        var dead = await Eventually.GetAsync(() => RowAsync(host), row => row.Status == "Dead");
        dead.HasContent.ShouldBeFalse();
        await Eventually.HoldsAsync(
            () =>
                host.Logs.All.Any(l =>
                    l.StartsWith("Error:", StringComparison.Ordinal) && l.Contains("is given up")
                ),
            "the log"
        );
    }

    [Fact]
    public async Task SendEmail_RecipientRefused_IsGivenUpAndTheOtherGetsIt()
    {
        await using var server = await MailServer.StartAsync(
            new() { ["refuses"] = "nobody@example.org" }
        );
        await using var host = await IdentityHost.StartReadyAsync(null, server.Settings());

        await SendAsync(host, Request("nobody@example.org", "a@example.org"));

        var seen = await server.SawAsync(1);
        ((string)seen[0]["to"]!).ShouldBe("a@example.org");
        await Eventually.GetAsync(
            () => CountAsync(host, "status = 'Dead' and last_error like '550%'"),
            n => n == 1
        );
    }

    [Fact]
    public async Task SendEmail_SameIdAgain_IsSentOnce()
    {
        await using var server = await MailServer.StartAsync();
        await using var host = await IdentityHost.StartReadyAsync(null, server.Settings());
        var request = Request("a@example.org");
        var other = Request("b@example.org");

        await SendAsync(host, request);
        await server.SawAsync(1);
        await SendAsync(host, request);
        await SendAsync(host, other);

        await Eventually.GetAsync(() => CountAsync(host, "status = 'Sent'"), n => n == 2);
        server.Seen.Select(m => (string)m["to"]!).ShouldBe(["a@example.org", "b@example.org"]);
    }

    [Fact]
    public async Task SendEmail_NoWayOut_WaitsSealedAndIsSentByTheNextProcess()
    {
        string database;
        await using (var host = await IdentityHost.StartReadyAsync())
        {
            database = host.ConnectionString;
            await SendAsync(host, Request("a@example.org"));
            (await CountAsync(host, "status = 'Waiting' and attempts = 0")).ShouldBe(1);
            (
                await CountAsync(
                    host,
                    "position('Bestell'::bytea in content) > 0 or position('Feuert'::bytea in content) > 0"
                )
            ).ShouldBe(0);
        }

        await using var server = await MailServer.StartAsync();
        await using var next = await IdentityHost.StartReadyAsync(database, server.Settings());

        var seen = await server.SawAsync(1);
        ((string)seen[0]["subject"]!).ShouldBe(Subject);
    }

    [Fact]
    public async Task SendEmail_ServerAsksForSignIn_GivesUserAndPassword()
    {
        await using var server = await MailServer.StartAsync(
            new() { ["user"] = "mailer", ["password"] = "geheim & lang" }
        );
        await using var host = await IdentityHost.StartReadyAsync(
            null,
            [.. server.Settings(), ("Mail:User", "mailer"), ("Mail:Password", "geheim & lang")]
        );

        await SendAsync(host, Request("a@example.org"));

        var seen = await server.SawAsync(1);
        ((string)seen[0]["user"]!).ShouldBe("mailer");
        host.Logs.All.ShouldNotContain(l => l.Contains("geheim & lang"));
    }

    [Theory]
    [InlineData(false, "STARTTLS")]
    [InlineData(true, "certificate")]
    public async Task SendEmail_WithoutTrustedTls_IsNotSent(bool offersTls, string reason)
    {
        await using var server = await MailServer.StartAsync(new() { ["tls"] = offersTls });
        await using var host = await IdentityHost.StartReadyAsync(
            null,
            server.Settings("StartTls")
        );

        await SendAsync(host, Request("a@example.org"));

        var row = await Eventually.GetAsync(() => RowAsync(host), r => r.Error is not null);
        row.Status.ShouldBe("Waiting");
        row.Error!.ShouldContain(reason, Case.Insensitive);
        server.Seen.ShouldBeEmpty();
    }

    [Fact]
    public async Task SendEmail_IntoAFolder_IsAFileThatOthersRead()
    {
        var folder = Directory.CreateTempSubdirectory("mail-").FullName;
        await using var host = await IdentityHost.StartReadyAsync(null, ("Mail:Folder", folder));

        await SendAsync(host, Request("a@example.org"));
        var files = await Eventually.GetAsync(
            () => Task.FromResult(Directory.GetFiles(folder, "*.eml")),
            f => f.Length == 1
        );

        await using var reader = await NodePeer.StartAsync(
            MailServer.Folder,
            "mail-reader.cjs",
            new() { ["file"] = files[0] }
        );
        ((string)reader.Self["subject"]!).ShouldBe(Subject);
        ((string)reader.Self["text"]!).TrimEnd().ShouldBe(Text.TrimEnd());
        ((string)reader.Self["to"]!).ShouldBe("a@example.org");
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task SendEmail_ThatWouldAddHeaders_IsRefusedWithEverythingWrong()
    {
        await using var host = await IdentityHost.StartReadyAsync();
        var header = Request("a@example.org");
        header.Subject = "Hallo\r\nBcc: all@example.org";
        var more = Request("a@example.org\r\nBcc: all@example.org");
        more.Id = "7";
        more.Text = "";

        var first = await Should.ThrowAsync<RpcException>(() => SendAsync(host, header));
        var second = await Should.ThrowAsync<RpcException>(() => SendAsync(host, more));

        first.StatusCode.ShouldBe(StatusCode.InvalidArgument);
        FieldsOf(first).ShouldBe(["subject"]);
        FieldsOf(second).ShouldBe(["to", "text", "id"], ignoreOrder: true);
        (await CountAsync(host, "true")).ShouldBe(0);
    }

    [Fact]
    public async Task SendEmail_ByATeamsOwner_IsRefused()
    {
        await using var host = await IdentityHost.StartReadyAsync();
        var admin = await host.AdminAsync();
        var team = await admin.CreateTeamAsync("writers");
        var owner = await host.MemberAsync(admin, team, "owner");

        var refused = await Should.ThrowAsync<RpcException>(async () =>
            await new Contracts.Identity.V1.Mail.MailClient(host.Grpc).SendEmailAsync(
                Request("a@example.org"),
                owner.Headers
            )
        );

        refused.StatusCode.ShouldBe(StatusCode.PermissionDenied);
    }

    private static SendEmailRequest Request(params string[] to) =>
        new()
        {
            Id = Guid.NewGuid().ToString("D"),
            To = { to },
            Subject = Subject,
            Text = Text,
            Html = "<p>über 5 % 🚨</p>",
        };

    private static async Task SendAsync(IdentityHost host, SendEmailRequest request)
    {
        var token = await host.TokenAsync("catalog", IdentityHost.Secret, ("audience", "identity"));
        await new Contracts.Identity.V1.Mail.MailClient(host.Grpc).SendEmailAsync(
            request,
            new Metadata { { "authorization", $"Bearer {token}" } }
        );
    }

    private static IEnumerable<string> FieldsOf(RpcException e) =>
        e.GetRpcStatus()!
            .Details.Single(d => d.Is(Google.Rpc.BadRequest.Descriptor))
            .Unpack<Google.Rpc.BadRequest>()
            .FieldViolations.Select(v => v.Field.TrimStart('#', '/'));

    private static async Task<EmailRow> RowAsync(IdentityHost host)
    {
        await using var db = new NpgsqlConnection(host.ConnectionString);
        return await db.QuerySingleAsync<EmailRow>(
            """
            select status as "Status", attempts as "Attempts", last_error as "Error", content is not null as "HasContent",
              extract(epoch from due_at - now())::float8 as "Pause" from email
            """
        );
    }

    private static async Task<long> CountAsync(IdentityHost host, string where)
    {
        await using var db = new NpgsqlConnection(host.ConnectionString);
        return await db.ExecuteScalarAsync<long>($"select count(*) from email where {where}");
    }

    private static async Task ExecuteAsync(IdentityHost host, string sql)
    {
        await using var db = new NpgsqlConnection(host.ConnectionString);
        await db.ExecuteAsync(sql);
    }

    private sealed record EmailRow
    {
        public string Status { get; init; } = "";

        public int Attempts { get; init; }

        public string? Error { get; init; }

        public bool HasContent { get; init; }

        public double Pause { get; init; }
    }
}
