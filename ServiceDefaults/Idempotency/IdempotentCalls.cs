using ApiSvc.ServiceDefaults.Data;
using ApiSvc.ServiceDefaults.Permissions;
using ApiSvc.ServiceDefaults.Problems;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ApiSvc.ServiceDefaults.Idempotency;

/// <summary>
/// Repeats of calls whose answer is a message: the key is a field of the gRPC request, or was read from the header by
/// a REST handler that has to do more after the commit than <see cref="IdempotencyExtensions.WithIdempotency"/> allows.
/// </summary>
public static class IdempotentCalls
{
    /// <summary>
    /// Runs <paramref name="handler"/> once per caller, operation and key; its changes, which it commits in the scoped
    /// <see cref="UnitOfWork"/>, and its answer are committed together. A repeat of the same request gets that answer.
    /// </summary>
    /// <param name="http">The call.</param>
    /// <param name="operation">What is done; keys of different operations are different keys.</param>
    /// <param name="key">1 to 255 characters; empty: it is simply run.</param>
    /// <param name="request">What makes two requests the same.</param>
    /// <param name="handler">Does it, and calls <see cref="UnitOfWork.CommitAsync"/>.</param>
    /// <exception cref="ApiProblemException">400, 409 or 422 as for the header.</exception>
    public static async Task<TAnswer> OnceAsync<TAnswer>(
        HttpContext http,
        string operation,
        string key,
        IMessage request,
        Func<Task<TAnswer>> handler
    )
        where TAnswer : IMessage<TAnswer>, new()
    {
        ArgumentNullException.ThrowIfNull(http);
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(handler);
        if (key.Length == 0)
        {
            return await handler();
        }

        if (key.Length > IdempotencyKey.LongestKey)
        {
            throw new ApiProblemException(IdempotencyProblems.MalformedKey);
        }

        var call = IdempotentRequest.Of(
            http.GetCaller().Subject,
            operation,
            key,
            request.ToByteArray()
        );
        var work = http.RequestServices.GetRequiredService<UnitOfWork>();
        var store = http.RequestServices.GetRequiredService<IdempotencyStore>();
        var db = await work.OpenAsync(http.RequestAborted);
        if (!await IdempotencyStore.TryLockAsync(db, call))
        {
            throw new ApiProblemException(IdempotencyProblems.UnderWay);
        }

        if (await store.FindAsync(db, call) is not { } known)
        {
            return await FirstAsync(work, store, call, handler, http.RequestAborted);
        }

        return known.Fingerprint.AsSpan().SequenceEqual(call.Fingerprint)
            ? new MessageParser<TAnswer>(() => new TAnswer()).ParseFrom(known.Body)
            : throw new ApiProblemException(IdempotencyProblems.OtherRequest);
    }

    /// <summary>The same for a gRPC call, whose method is the operation.</summary>
    /// <inheritdoc cref="OnceAsync{TAnswer}(HttpContext, string, string, IMessage, Func{Task{TAnswer}})" />
    public static Task<TAnswer> OnceAsync<TAnswer>(
        ServerCallContext context,
        string key,
        IMessage request,
        Func<Task<TAnswer>> handler
    )
        where TAnswer : IMessage<TAnswer>, new()
    {
        ArgumentNullException.ThrowIfNull(context);
        return OnceAsync(context.GetHttpContext(), context.Method, key, request, handler);
    }

    /// <summary>The key in the header <c>Idempotency-Key</c>; empty without the header.</summary>
    /// <exception cref="ApiProblemException">400: it has another form.</exception>
    public static string KeyOf(HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(http);
        if (!http.Request.Headers.TryGetValue(IdempotencyKey.Header, out var header))
        {
            return "";
        }

        return IdempotencyKey.TryParse(header, out var key)
            ? key
            : throw new ApiProblemException(IdempotencyProblems.MalformedKey);
    }

    private static async Task<TAnswer> FirstAsync<TAnswer>(
        UnitOfWork work,
        IdempotencyStore store,
        IdempotentRequest call,
        Func<Task<TAnswer>> handler,
        CancellationToken cancellationToken
    )
        where TAnswer : IMessage<TAnswer>
    {
        work.Deferred = true;
        var answer = await handler();
        if (work.CommitRequested)
        {
            await store.AddAsync(
                await work.OpenAsync(cancellationToken),
                call,
                new StoredAnswer(
                    call.Fingerprint,
                    StatusCodes.Status200OK,
                    new Dictionary<string, string>(),
                    answer.ToByteArray()
                )
            );
            await work.CommitNowAsync(cancellationToken);
        }

        return answer;
    }
}
