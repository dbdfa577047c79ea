using ApiSvc.Analytics.Webhooks;
using ApiSvc.ServiceDefaults.Audit;
using ApiSvc.ServiceDefaults.Data;
using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.ServiceDefaults.Paging;
using ApiSvc.ServiceDefaults.Problems;
using Dapper;
using Microsoft.Extensions.Options;
using Npgsql;

namespace ApiSvc.Analytics.Alerts.Channels;

/// <summary>Channels of teams.</summary>
internal sealed class ChannelRegistry(
    UnitOfWork work,
    NpgsqlDataSource database,
    ChannelAddresses addresses,
    IOptions<AlertOptions> options,
    UuidGenerator ids,
    TimeProvider time
)
{
    public async Task<List<ChannelRow>> ListAsync(Guid team, PageRequest<Guid> page)
    {
        await using var db = await database.OpenConnectionAsync();
        var rows = await db.QueryAsync<ChannelRow>(
            """
            select * from alert_channel where team_id = @team and (@after::uuid is null or id > @after)
            order by id limit @fetch
            """,
            new
            {
                team,
                after = page.After,
                fetch = page.Fetch,
            }
        );
        return rows.AsList();
    }

    public async Task<Outcome<ChannelRow>> FindAsync(Guid team, Guid id)
    {
        await using var db = await database.OpenConnectionAsync();
        return await ChannelRow.FindAsync(db, team, id) is { } row ? row : ApiProblem.NotFound;
    }

    public async Task<Outcome<ChannelWithSecret>> CreateAsync(
        Guid team,
        ChannelInput input,
        InputPlace place,
        Actor actor
    )
    {
        if (addresses.FindFault(input, isNew: true, place) is { } fault)
        {
            return fault;
        }

        var secret = input.Kind == ChannelType.Webhook ? WebhookSecret.New() : null;
        var row = addresses.Apply(
            new ChannelRow
            {
                Id = ids.Next(),
                TeamId = team,
                Kind = input.Kind,
                Version = 1,
                CreatedAt = time.GetStoredNow(),
            },
            input
        );
        if (secret is not null)
        {
            row = row with { Secret = addresses.Seal(row.Id, secret) };
        }

        var db = await work.OpenAsync();
        await db.ExecuteAsync(
            "select pg_advisory_xact_lock(hashtextextended('analytics.alert-channels.' || @team, 0))",
            new { team }
        );
        var count = await db.ExecuteScalarAsync<int>(
            "select count(*) from alert_channel where team_id = @team",
            new { team }
        );
        if (count >= options.Value.ChannelsPerTeam)
        {
            return AlertProblems.NotNow(
                "too-many-channels",
                $"The team has {count} channels, which is the most that it may have."
            );
        }

        var added = await db.ExecuteAsync(
            """
            insert into alert_channel (id, team_id, name, kind, url, addresses, secret, disabled, disabled_reason, version,
              created_at)
            values (@Id, @TeamId, @Name, @Kind, @Url, @Addresses, @Secret, @Disabled, @DisabledReason, @Version, @CreatedAt)
            on conflict (team_id, name) do nothing
            """,
            row.Parameters
        );
        if (added == 0)
        {
            return AlertProblems.NameTaken("channel", input.Name);
        }

        await FinishAsync(null, row, "alert-channel.create", actor);
        return new ChannelWithSecret(row, secret);
    }

    public async Task<Outcome<ChannelRow>> UpdateAsync(
        Guid team,
        Guid id,
        ChannelInput input,
        InputPlace place,
        Func<long, ApiProblem?> precondition,
        Actor actor
    )
    {
        var db = await work.OpenAsync();
        if (await ChannelRow.FindAsync(db, team, id, "for update") is not { } before)
        {
            return ApiProblem.NotFound;
        }

        if (precondition(before.Version) is { } stale)
        {
            return stale;
        }

        if (input.Kind != before.Kind)
        {
            return ApiProblem.Invalid(
                new Violation(
                    place[nameof(ChannelInput.Kind)],
                    "not_allowed",
                    "The kind cannot be changed. Make another channel."
                )
            );
        }

        if (addresses.FindFault(input, isNew: false, place) is { } fault)
        {
            return fault;
        }

        var after = addresses.Apply(before, input) with { Version = before.Version + 1 };
        if (
            await db.ExecuteScalarAsync<bool>(
                "select exists (select from alert_channel where team_id = @TeamId and name = @Name and id <> @Id)",
                after.Parameters
            )
        )
        {
            return AlertProblems.NameTaken("channel", input.Name);
        }

        await UpdateRowAsync(db, after);
        await FinishAsync(before, after, "alert-channel.update", actor);
        return after;
    }

    /// <summary>Gives a webhook another secret.</summary>
    public async Task<Outcome<ChannelWithSecret>> RotateAsync(Guid team, Guid id, Actor actor)
    {
        var db = await work.OpenAsync();
        if (await ChannelRow.FindAsync(db, team, id, "for update") is not { } before)
        {
            return ApiProblem.NotFound;
        }

        if (before.Kind != ChannelType.Webhook)
        {
            return AlertProblems.NotNow("no-secret", "Only a signed webhook has a secret.");
        }

        var secret = WebhookSecret.New();
        var after = before with
        {
            Secret = addresses.Seal(id, secret),
            Version = before.Version + 1,
        };
        await UpdateRowAsync(db, after);
        await FinishAsync(before, after, "alert-channel.rotate-secret", actor);
        return new ChannelWithSecret(after, secret);
    }

    public async Task<ApiProblem?> DeleteAsync(
        Guid team,
        Guid id,
        Func<long, ApiProblem?> precondition,
        Actor actor
    )
    {
        var db = await work.OpenAsync();
        if (await ChannelRow.FindAsync(db, team, id, "for update") is not { } row)
        {
            return ApiProblem.NotFound;
        }

        if (precondition(row.Version) is { } stale)
        {
            return stale;
        }

        var users = (
            await db.QueryAsync<string>(
                "select name from alert_rule where team_id = @team and channel_ids @> array[@id] order by name limit 5",
                new { team, id }
            )
        ).AsList();
        if (users.Count > 0)
        {
            return AlertProblems.NotNow(
                "channel-in-use",
                $"Rules tell over it: {string.Join(", ", users)}. Take it from them first."
            );
        }

        await db.ExecuteAsync(
            """
            update alert_delivery set status = 'GivenUp', ended_at = @now, last_answer = 'The channel was deleted.'
            where channel_id = @id and status = 'Waiting';
            delete from alert_channel where id = @id;
            """,
            new { id, now = time.GetStoredNow() }
        );
        work.AddAudit(actor.Did("alert-channel.delete", row.PublicId, team, row.ToDocument()));
        await work.CommitAsync();
        return null;
    }

    private static Task<int> UpdateRowAsync(NpgsqlConnection db, ChannelRow row) =>
        db.ExecuteAsync(
            """
            update alert_channel set name = @Name, url = @Url, addresses = @Addresses, secret = @Secret,
              disabled = @Disabled, disabled_reason = @DisabledReason, version = @Version
            where id = @Id
            """,
            row.Parameters
        );

    private async Task FinishAsync(ChannelRow? before, ChannelRow after, string action, Actor actor)
    {
        work.AddAudit(
            actor.Did(
                action,
                after.PublicId,
                after.TeamId,
                before?.ToDocument(),
                after.ToDocument()
            )
        );
        await work.CommitAsync();
    }
}
