using ApiSvc.Catalog.Apis;
using ApiSvc.Catalog.Changes;
using ApiSvc.Catalog.Deployments;
using ApiSvc.Catalog.Import;
using ApiSvc.Catalog.Outcomes;
using ApiSvc.Catalog.Specifications;
using ApiSvc.Catalog.Teams;
using ApiSvc.ServiceDefaults.Audit;
using ApiSvc.ServiceDefaults.Data;
using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.ServiceDefaults.Problems;
using Dapper;
using Microsoft.Extensions.Options;
using Npgsql;

namespace ApiSvc.Catalog.Versions;

/// <summary>Takes versions from state to state, and tells the gateways where it matters to them.</summary>
internal sealed class VersionLifecycle(
    UnitOfWork work,
    CatalogEvents events,
    GatewayResources gateways,
    UuidGenerator ids,
    IOptions<LifecycleOptions> options,
    TimeProvider time
)
{
    public async Task<Outcome<VersionRow>> MoveAsync(
        Guid id,
        TransitionInput input,
        Precondition precondition,
        Actor actor
    )
    {
        var db = await work.OpenAsync();
        if (await VersionRow.FindAsync(db, id, forChange: true) is not { } before)
        {
            return ApiProblem.NotFound;
        }

        if (precondition(before.Version) is { } stale)
        {
            return stale;
        }

        if (!VersionTransitions.Allows(before.State, input.To))
        {
            return IllegalProblem(before.State, input.To);
        }

        var api = (await ApiRow.FindAsync(db, before.ApiId))!;
        var rules = (await TeamRuleBook.FindAsync(db, api.TeamId)).ToDocument();
        if (await FindObstacleAsync(db, before, input, rules, actor) is { } obstacle)
        {
            return obstacle;
        }

        var after = await StepAsync(db, api, before, input, actor);
        if (after.State == VersionState.InReview && rules.Review == ReviewRule.Automatic)
        {
            after = await StepAsync(
                db,
                api,
                after,
                new() { To = VersionState.Approved, Comment = "Approved by the team's rule." },
                actor
            );
        }

        if (after.Standing != before.Standing)
        {
            await gateways.RestateAsync(db, after);
        }

        await gateways.AppendAsync();
        await work.CommitAsync();
        return after;
    }

    private static ApiProblem IllegalProblem(VersionState from, VersionState to)
    {
        var allowed = VersionTransitions.From(from);
        var way =
            allowed.Count == 0 ? "nowhere" : string.Join(" or ", allowed.Select(s => s.ToString()));
        return Problems.NotNow(
            "illegal-transition",
            $"A version that is {from} cannot become {to}; from here it goes {(allowed.Count == 0 ? way : $"to {way}")}."
        );
    }

    private async Task<ApiProblem?> FindObstacleAsync(
        NpgsqlConnection db,
        VersionRow version,
        TransitionInput input,
        TeamRules rules,
        Actor actor
    )
    {
        switch (input.To)
        {
            case VersionState.InReview:
                return await FindFlawAsync(db, version);
            case VersionState.Approved
                when rules.Review == ReviewRule.AnotherPerson
                    && (
                        actor.Caller.Subject == version.Author
                        || actor.Caller.Subject == version.SubmittedBy
                    ):
                return Problems.Forbidden(
                    "The team's rule asks for a review by somebody who neither wrote nor submitted the version."
                );
            case VersionState.Deprecated:
                return await FindOmissionAsync(db, version, input);
            case VersionState.Retired when version.SunsetAt > time.GetStoredNow():
                return Problems.NotNow(
                    "sunset-not-reached",
                    $"Its subscribers were promised that it works until {version.SunsetAt:u}."
                );
            default:
                return null;
        }
    }

    private static async Task<ApiProblem?> FindFlawAsync(NpgsqlConnection db, VersionRow version)
    {
        if (version is { OnlyOperations: true, OperationCount: 0 })
        {
            return Problems.NotNow(
                "no-operations",
                "It has no operations, and calls outside them are refused: import a specification first."
            );
        }

        var findings = await SpecificationRow.FindingsOfAsync(db, version.Id);
        var errors = findings.Where(f => f.Severity == FindingSeverity.Error).ToList();
        return errors.Count == 0
            ? null
            : Problems.NotNow(
                "specification-has-errors",
                "The specification has errors; import it again without them.",
                [.. errors.Select(f => new Violation($"#{f.Pointer}", f.Code, f.Message))]
            );
    }

    // All that is missing at once.
    private async Task<ApiProblem?> FindOmissionAsync(
        NpgsqlConnection db,
        VersionRow version,
        TransitionInput input
    )
    {
        var missing = new List<Violation>();
        var earliest = time.GetStoredNow() + options.Value.NoticePeriod;
        if (input.SunsetAt is null || input.SunsetAt < earliest)
        {
            missing.Add(
                new(
                    "#/sunsetAt",
                    input.SunsetAt is null ? "required" : "too_early",
                    $"Say when it ends: {earliest:u} or later, so that subscribers have the platform's notice period of {options.Value.NoticePeriod}."
                )
            );
        }

        if (string.IsNullOrWhiteSpace(input.MigrationGuide))
        {
            missing.Add(
                new("#/migrationGuide", "required", "Say how subscribers get on without it.")
            );
        }

        if (input.SuccessorVersionId is { } successor)
        {
            var isThere =
                successor.Value != version.Id
                && await db.ExecuteScalarAsync<bool>(
                    """
                    select exists (
                      select from api_version v join api a on a.id = v.api_id
                      where v.id = @successor and v.state = 'Published'
                        and a.team_id = (select team_id from api where id = @ApiId))
                    """,
                    new { successor = successor.Value, version.ApiId }
                );
            if (!isThere)
            {
                missing.Add(
                    new(
                        "#/successorVersionId",
                        "unknown",
                        "The team has no such other version that is published."
                    )
                );
            }
        }
        else if (string.IsNullOrWhiteSpace(input.Comment))
        {
            missing.Add(
                new("#/comment", "required", "Name a successor, or say why there is none.")
            );
        }

        return missing.Count == 0 ? null : ApiProblem.Invalid(missing);
    }

    private async Task<VersionRow> StepAsync(
        NpgsqlConnection db,
        ApiRow api,
        VersionRow before,
        TransitionInput input,
        Actor actor
    )
    {
        var now = time.GetStoredNow();
        var after = before with { State = input.To, Version = before.Version + 1, UpdatedAt = now };
        after = input.To switch
        {
            VersionState.InReview => after with { SubmittedBy = actor.Caller.Subject },
            VersionState.Deprecated => after with
            {
                DeprecatedAt = now,
                SunsetAt = input.SunsetAt,
                SuccessorId = input.SuccessorVersionId?.Value,
                DeprecationReason = input.Comment,
                MigrationGuide = input.MigrationGuide,
            },
            _ => after,
        };
        await after.SaveAsync(db);
        await db.ExecuteAsync(
            """
            insert into version_transition (id, version_id, from_state, to_state, actor, comment, time)
            values (@id, @version, @from, @to, @actor, @Comment, @now)
            """,
            new
            {
                id = ids.Next(),
                version = after.Id,
                from = before.State.ToString(),
                to = after.State.ToString(),
                actor = actor.Caller.Subject,
                input.Comment,
                now,
            }
        );
        work.AddAudit(
            actor.Did(
                "version.transition",
                after.PublicId,
                api.TeamId,
                before.ToDocument(),
                after.ToDocument()
            )
        );
        await events.ChangedAsync(api, after, before.State);
        return after;
    }
}
