using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;
using ApiSvc.Contracts.Sync.V1;
using Google.Protobuf;

namespace ApiSvc.AppHost.Tests.Configuration;

/// <summary>
/// What a follower has, made of the messages by the contract alone. The hash is kept by its formula: the sum modulo 2^256
/// of SHA-256(kind as 4 bytes big endian | id | body). A message that does not fit is an exception.
/// </summary>
internal sealed class WatchedState
{
    private const int HashLength = 32;
    private static readonly BigInteger Modulus = BigInteger.One << (8 * HashLength);

    private readonly Dictionary<(uint Kind, ByteString Id), BigInteger> _digests = [];
    private readonly List<Change> _changes = [];
    private BigInteger _sum;

    public ulong Generation { get; private set; }

    public int Count => _digests.Count;

    public ByteString Hash
    {
        get
        {
            var hash = new byte[HashLength];
            var bytes = _sum.ToByteArray(isUnsigned: true, isBigEndian: true);
            bytes.CopyTo(hash, HashLength - bytes.Length);
            return ByteString.CopyFrom(hash);
        }
    }

    /// <summary>Takes a message.</summary>
    /// <returns>Whether it completed another state.</returns>
    public bool Accept(Update update)
    {
        switch (update.UpdateCase)
        {
            case Update.UpdateOneofCase.Snapshot:
                return Accept(update.Snapshot);
            case Update.UpdateOneofCase.Delta:
                return Accept(update.Delta);
            case Update.UpdateOneofCase.CaughtUp:
                Expect(update.CaughtUp.Generation, update.CaughtUp.Hash);
                return false;
            default:
                update.Heartbeat.ShouldNotBeNull().Generation.ShouldBe(Generation);
                return false;
        }
    }

    private bool Accept(SnapshotChunk chunk)
    {
        if (chunk.First)
        {
            _digests.Clear();
            _changes.Clear();
            _sum = 0;
        }

        foreach (var resource in chunk.Resources)
        {
            Put(resource);
        }

        if (chunk.Last)
        {
            Generation = chunk.Generation;
            Expect(chunk.Generation, chunk.Hash);
        }

        return chunk.Last;
    }

    private bool Accept(Delta delta)
    {
        delta.FromGeneration.ShouldBe(Generation, "a gap, or a repetition");
        delta.ToGeneration.ShouldBeGreaterThan(Generation);
        _changes.AddRange(delta.Changes);
        if (delta.More)
        {
            return false;
        }

        foreach (var change in _changes)
        {
            if (change.Put is { } put)
            {
                Put(put);
            }
            else
            {
                Remove(change.Delete.Kind, change.Delete.Id);
            }
        }

        _changes.Clear();
        Generation = delta.ToGeneration;
        Expect(delta.ToGeneration, delta.Hash);
        return true;
    }

    private void Put(Resource resource)
    {
        Remove(resource.Kind, resource.Id);
        var digest = DigestOf(resource);
        _digests[(resource.Kind, resource.Id)] = digest;
        _sum = (_sum + digest) % Modulus;
    }

    private void Remove(uint kind, ByteString id)
    {
        if (_digests.Remove((kind, id), out var digest))
        {
            _sum = (_sum - digest + Modulus) % Modulus;
        }
    }

    private void Expect(ulong generation, ByteString hash) =>
        (generation, hash).ShouldBe((Generation, Hash));

    private static BigInteger DigestOf(Resource resource)
    {
        var kind = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(kind, resource.Kind);
        return new(
            SHA256.HashData([.. kind, .. resource.Id.Span, .. resource.Body.Span]),
            isUnsigned: true,
            isBigEndian: true
        );
    }
}
