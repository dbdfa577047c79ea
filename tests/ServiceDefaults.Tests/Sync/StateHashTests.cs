using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;
using ApiSvc.ServiceDefaults.Sync;
using FsCheck;
using FsCheck.Fluent;

namespace ApiSvc.ServiceDefaults.Tests.Sync;

public sealed class StateHashTests
{
    private static readonly BigInteger Modulus = BigInteger.Pow(2, 256);

    [Fact]
    public void Add_AnyResources_IsTheSumModulo2To256() =>
        Prop.ForAll<byte[][]>(bodies =>
            {
                var hash = StateHash.Empty;
                var sum = BigInteger.Zero;
                for (var i = 0; i < bodies.Length; i++)
                {
                    var body = bodies[i] ?? [];
                    hash = hash.Add(StateHash.Of((uint)i, [1, 2], body));
                    sum = (sum + Model((uint)i, [1, 2], body)) % Modulus;
                }

                Number(hash).ShouldBe(sum);
            })
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Subtract_InAnyOrder_UndoesAdd() =>
        Prop.ForAll<int[]>(numbers =>
            {
                var parts = numbers
                    .Select(n => StateHash.Of(1, BitConverter.GetBytes(n), []))
                    .ToList();
                var all = parts.Aggregate(StateHash.Empty, (sum, part) => sum.Add(part));
                var none = parts
                    .OrderBy(p => p.ToString(), StringComparer.Ordinal)
                    .Aggregate(all, (sum, part) => sum.Subtract(part));

                none.ShouldBe(StateHash.Empty);
            })
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Add_PastTheEnd_Carries()
    {
        var one = new byte[32];
        one[31] = 1;
        var half = new byte[32];
        half.AsSpan(16).Fill(0xff);
        var all = Enumerable.Repeat((byte)0xff, 32).ToArray();

        var carried = StateHash.Read(half).Add(StateHash.Read(one));
        carried.ToString().ShouldBe("00000000000000000000000000000001" + new string('0', 32));
        carried.Subtract(StateHash.Read(one)).ShouldBe(StateHash.Read(half));
        StateHash.Read(all).Add(StateHash.Read(one)).ShouldBe(StateHash.Empty);
        StateHash.Empty.Subtract(StateHash.Read(one)).ShouldBe(StateHash.Read(all));
    }

    [Fact]
    public void TryRead_OtherLength_IsFalse()
    {
        StateHash.TryRead(new byte[31], out _).ShouldBeFalse();
        StateHash.TryRead([], out _).ShouldBeFalse();
    }

    private static BigInteger Number(StateHash hash) =>
        new(hash.ToArray(), isUnsigned: true, isBigEndian: true);

    private static BigInteger Model(uint kind, byte[] id, byte[] body)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, kind);
        var digest = SHA256.HashData([.. bytes, .. id, .. body]);
        return new(digest, isUnsigned: true, isBigEndian: true);
    }
}
