using System.Data;
using ApiSvc.ServiceDefaults.Audit;
using ApiSvc.ServiceDefaults.Outbox;
using Npgsql;

namespace ApiSvc.ServiceDefaults.Data;

/// <summary>
/// One transaction: a change of state, the events that tell of it and the audit entries that record it are committed
/// together or not at all. One per request or job step (scoped); what was not committed is rolled back at its end.
/// </summary>
public sealed class UnitOfWork(
    NpgsqlDataSource dataSource,
    ServiceIdentity service,
    TimeProvider time
) : IAsyncDisposable
{
    private readonly List<OutboxEvent> _events = [];
    private readonly List<AuditDraft> _audits = [];
    private NpgsqlConnection? _connection;
    private NpgsqlTransaction? _transaction;
    private bool _committed;
    private bool _ended;

    /// <summary>The connection, with the transaction begun (read committed) by the first call.</summary>
    /// <exception cref="InvalidOperationException">It is committed already, or the connection was lost.</exception>
    public async ValueTask<NpgsqlConnection> OpenAsync(
        CancellationToken cancellationToken = default
    )
    {
        ThrowIfCommitted();
        if (_connection is null)
        {
            _connection = await dataSource.OpenConnectionAsync(cancellationToken);
            _transaction = await _connection.BeginTransactionAsync(
                IsolationLevel.ReadCommitted,
                cancellationToken
            );
        }
        else if (_connection.State != ConnectionState.Open || _transaction is null)
        {
            // A mapper would silently open it again, and every statement would then commit alone.
            throw new InvalidOperationException(
                "The connection of this unit of work was lost, and its changes with it. Begin another."
            );
        }

        return _connection;
    }

    /// <summary>Adds an event to be published if the transaction commits.</summary>
    public void AddEvent(OutboxEvent outboxEvent)
    {
        ThrowIfCommitted();
        _events.Add(outboxEvent);
    }

    /// <summary>Adds an audit entry. Its before and after are written down now, without their secrets.</summary>
    public void AddAudit(AuditEntry entry)
    {
        ThrowIfCommitted();
        _audits.Add(AuditDraft.Of(entry));
    }

    /// <summary>
    /// Commits everything; the last call. Under an <c>Idempotency-Key</c> the commit happens when the answer is
    /// known, in the same transaction as it.
    /// </summary>
    /// <exception cref="InvalidOperationException">It is committed already, or the connection was lost.</exception>
    public Task CommitAsync(CancellationToken cancellationToken = default)
    {
        ThrowIfCommitted();
        CommitRequested = true;
        return Deferred ? Task.CompletedTask : CommitNowAsync(cancellationToken);
    }

    /// <summary>Whether somebody else commits, after <see cref="CommitAsync"/> asked for it.</summary>
    internal bool Deferred { get; set; }

    internal bool CommitRequested { get; private set; }

    internal async Task CommitNowAsync(CancellationToken cancellationToken)
    {
        if (_events.Count + _audits.Count > 0)
        {
            await new OutboxWriter(service, time).WriteAsync(
                await OpenAsync(cancellationToken),
                _events,
                _audits,
                cancellationToken
            );
        }

        if (_connection is not null)
        {
            await OpenAsync(cancellationToken);
            await _transaction!.CommitAsync(cancellationToken);
        }

        _committed = true;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        // Npgsql gives the same transaction object to whoever has the connection next: the second time, which comes with
        // the end of a scope, would roll back what is theirs.
        var (transaction, connection) = (_transaction, _connection);
        (_transaction, _connection, _ended) = (null, null, true);
        if (transaction is not null)
        {
            await transaction.DisposeAsync();
        }

        if (connection is not null)
        {
            await connection.DisposeAsync();
        }
    }

    private void ThrowIfCommitted()
    {
        ObjectDisposedException.ThrowIf(_ended && !_committed, this);
        if (_committed)
        {
            throw new InvalidOperationException(
                "This unit of work is committed. Another change needs a unit of work of its own."
            );
        }
    }
}
