using ApiSvc.Identity.Changes;
using ApiSvc.Identity.GatewayCredentials;
using ApiSvc.Identity.Roles;
using ApiSvc.ServiceDefaults.Audit;
using ApiSvc.ServiceDefaults.Data;
using ApiSvc.ServiceDefaults.Problems;
using Dapper;
using Microsoft.Extensions.Options;
using Npgsql;

namespace ApiSvc.Identity.Keys;

/// <summary>
/// Changes signing keys: published, signing, retired, removed. Whoever checks tokens hears of each change in the
/// transaction that makes it: gateways by their log, services by the stream of the role table.
/// </summary>
internal sealed class SigningKeyRotation(
    UnitOfWork work,
    SigningKeyStore store,
    CredentialLog log,
    IssuerPublisher publisher,
    IOptions<SigningKeyOptions> options,
    TimeProvider time
)
{
    private bool _isChanged;

    /// <summary>Makes what is missing, lets the next key sign when its time has come, and removes what is over. Safe to repeat.</summary>
    public async Task TurnAsync(Actor actor, CancellationToken cancellationToken)
    {
        var (db, rows) = await OpenAsync(cancellationToken);
        var now = time.Now();
        foreach (var algorithm in SigningAlgorithms.All)
        {
            await CompleteAsync(db, rows, algorithm, now, actor);
            var signing = SigningKeySchedule.FindSigning(rows, algorithm, now)!;
            var next = SigningKeySchedule.FindNext(rows, algorithm, now)!;
            if (SigningKeySchedule.IsDue(signing, next, options.Value, now))
            {
                await SignFromAsync(db, rows, next, now, actor);
                await CompleteAsync(db, rows, algorithm, now, actor);
            }
        }

        foreach (
            var over in rows.Where(r => SigningKeySchedule.IsOver(r, rows, options.Value, now))
                .ToList()
        )
        {
            await SigningKeyStore.DeleteAsync(db, over);
            Record("signing-key.remove", over, null, actor);
        }

        await FinishAsync(db, cancellationToken);
    }

    /// <summary>Lets the next keys sign as soon as they have been published for long enough; where that is decided, it stays.</summary>
    public async Task RotateAsync(Actor actor, CancellationToken cancellationToken)
    {
        var (db, rows) = await OpenAsync(cancellationToken);
        var now = time.Now();
        foreach (var algorithm in SigningAlgorithms.All)
        {
            await CompleteAsync(db, rows, algorithm, now, actor);
            var next = SigningKeySchedule.FindNext(rows, algorithm, now)!;
            if (next.SignsFrom is null)
            {
                var known = next.CreatedAt + options.Value.PublishAhead;
                await SignFromAsync(db, rows, next, known > now ? known : now, actor);
                await CompleteAsync(db, rows, algorithm, now, actor);
            }
        }

        await FinishAsync(db, cancellationToken);
    }

    /// <summary>
    /// Takes a key out of use at once, because others may have it: no token that it signed is valid any more. If it is
    /// the one that signs, the next one does, which everybody knows already.
    /// </summary>
    public async Task<ApiProblem?> RevokeAsync(
        Guid id,
        Actor actor,
        CancellationToken cancellationToken
    )
    {
        var (db, rows) = await OpenAsync(cancellationToken);
        if (rows.Find(r => r.Id == id) is not { } revoked)
        {
            return ApiProblem.NotFound;
        }

        var now = time.Now();
        var isSigning = SigningKeySchedule.FindSigning(rows, revoked.Algorithm, now) == revoked;
        await SigningKeyStore.DeleteAsync(db, revoked);
        Record("signing-key.revoke", revoked, null, actor);
        rows.Remove(revoked);
        // Not one that has retired: its time is over.
        if (isSigning && SigningKeySchedule.FindNext(rows, revoked.Algorithm, now) is { } next)
        {
            await SignFromAsync(db, rows, next, now, actor);
        }

        await CompleteAsync(db, rows, revoked.Algorithm, now, actor);
        await FinishAsync(db, cancellationToken);
        return null;
    }

    private async Task<(NpgsqlConnection Db, List<SigningKeyRow> Rows)> OpenAsync(
        CancellationToken cancellationToken
    )
    {
        var db = await work.OpenAsync(cancellationToken);
        await SigningKeyStore.LockAsync(db);
        // Opened too: nothing is changed while the key ring is wrong.
        return (db, (await store.ReadAsync(db)).ConvertAll(k => k.Row));
    }

    // One that signs, and one that waits.
    private async Task CompleteAsync(
        NpgsqlConnection db,
        List<SigningKeyRow> rows,
        string algorithm,
        DateTime now,
        Actor actor
    )
    {
        if (SigningKeySchedule.FindSigning(rows, algorithm, now) is null)
        {
            await AddAsync(db, rows, algorithm, now, actor);
        }

        if (rows.TrueForAll(r => r.Algorithm != algorithm || r.SignsFrom is not null))
        {
            await AddAsync(db, rows, algorithm, signsFrom: null, actor);
        }
    }

    private async Task AddAsync(
        NpgsqlConnection db,
        List<SigningKeyRow> rows,
        string algorithm,
        DateTime? signsFrom,
        Actor actor
    )
    {
        var row = await store.InsertAsync(db, algorithm, signsFrom);
        rows.Add(row);
        Record("signing-key.create", null, row, actor);
    }

    private async Task SignFromAsync(
        NpgsqlConnection db,
        List<SigningKeyRow> rows,
        SigningKeyRow before,
        DateTime time,
        Actor actor
    )
    {
        var after = before with { SignsFrom = time };
        await SigningKeyStore.SetSignsFromAsync(db, after);
        rows[rows.IndexOf(before)] = after;
        Record("signing-key.sign", before, after, actor);
    }

    private void Record(string action, SigningKeyRow? before, SigningKeyRow? after, Actor actor)
    {
        work.AddAudit(actor.Did(action, (after ?? before)!.KeyId, team: null, before, after));
        _isChanged = true;
    }

    private async Task FinishAsync(NpgsqlConnection db, CancellationToken cancellationToken)
    {
        if (_isChanged)
        {
            await db.ExecuteAsync(
                "select pg_notify(@Channel, '')",
                new { SigningKeyStore.Channel }
            );
            await RoleTableHead.TellOfKeysAsync(db);
            publisher.Put(log, await store.ReadAsync(db));
            await log.AppendAsync();
        }

        await work.CommitAsync(cancellationToken);
    }
}
