using System.Text;
using ApiSvc.Contracts.Credentials.V1;
using ApiSvc.Gateway.Credentials;
using ApiSvc.ServiceDefaults.ApiKeys;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace ApiSvc.Gateway.Tests.Credentials;

public sealed class ApiKeyIndexTests
{
    [Fact]
    public void TryFind_KeyInTheIndex_IsFoundTwice()
    {
        var (text, message) = Make();
        message.ExpiresAt = Timestamp.FromDateTimeOffset(DateTimeOffset.UnixEpoch);
        message.AllowedNetworks.Add("10.0.0.0/8");
        message.Scopes.Add("orders.read");
        var index = ApiKeyIndex.Empty.With([ApiKeyEntry.From(message)], []);

        for (var i = 0; i < 2; i++)
        {
            index.TryFind(text, out var entry).ShouldBeTrue();
            entry!.KeyId.ToByteArray(bigEndian: true).ShouldBe(message.KeyId.ToByteArray());
            entry.ExpiresAt.ShouldBe(DateTimeOffset.UnixEpoch);
            entry.AllowedNetworks.Contains([10, 1, 2, 3]).ShouldBeTrue();
            entry.Scopes.ShouldBe(["orders.read"]);
        }
    }

    [Fact]
    public void TryFind_KeyThatIsNotThere_IsNotFound()
    {
        var (text, message) = Make();
        var index = ApiKeyIndex.Empty.With([ApiKeyEntry.From(message)], []);
        index.TryFind(text, out _).ShouldBeTrue();

        index.TryFind(Make().Text, out _).ShouldBeFalse();
        index.TryFind(text.AsSpan(1), out _).ShouldBeFalse();
        index.TryFind(default, out _).ShouldBeFalse();
        index.TryFind(new byte[100_000], out _).ShouldBeFalse();
        for (var i = 0; i < text.Length; i++)
        {
            var changed = text.ToArray();
            changed[i] ^= 1;
            index.TryFind(changed, out _).ShouldBeFalse();
        }
    }

    [Fact]
    public void With_KeyRemovedAfterItWasUsed_IsNotFoundAnyMore()
    {
        var (text, message) = Make();
        var other = Make();
        var before = ApiKeyIndex.Empty.With(
            [ApiKeyEntry.From(message), ApiKeyEntry.From(other.Message)],
            []
        );
        before.TryFind(text, out _).ShouldBeTrue();

        var after = before.With([], [message.Sha256.Memory]);

        after.TryFind(text, out _).ShouldBeFalse();
        after.TryFind(other.Text, out _).ShouldBeTrue();
        before.TryFind(text, out _).ShouldBeTrue();
        after.Count.ShouldBe(1);
    }

    [Fact]
    public void With_ManyKeys_AllAreFoundWithTheirOwnEntry()
    {
        var made = Enumerable.Range(0, 5_000).Select(_ => Make()).ToList();
        var index = made.Chunk(700)
            .Aggregate(
                ApiKeyIndex.Empty,
                (at, some) => at.With(some.Select(m => ApiKeyEntry.From(m.Message)), [])
            );

        index.Count.ShouldBe(5_000);
        foreach (var (text, message) in made)
        {
            index.TryFind(text, out var entry).ShouldBeTrue();
            entry!.Sha256.ToArray().ShouldBe(message.Sha256.ToByteArray());
        }
    }

    [Fact]
    public void TryFind_KnownAndUnknownKeys_AllocateNothing()
    {
        var (text, message) = Make();
        var index = ApiKeyIndex.Empty.With([ApiKeyEntry.From(message)], []);
        var unknown = Make().Text;

        Allocations
            .Of(() =>
            {
                index.TryFind(text, out _);
                index.TryFind(unknown, out _);
                index.Find(message.Sha256.Span);
            })
            .ShouldBe(0);
    }

    [Fact]
    public void TryFind_ManyKeysInTurn_NearlyAllAreRemembered()
    {
        var made = Enumerable.Range(0, 5_000).Select(_ => Make()).ToList();
        var index = ApiKeyIndex.Empty.With(made.Select(m => ApiKeyEntry.From(m.Message)), []);

        void FindAll()
        {
            foreach (var (text, _) in made)
            {
                index.TryFind(text, out _);
            }
        }

        FindAll();
        // One that is found anew takes 48 bytes; each key is looked for a thousand times.
        Allocations.Of(FindAll).ShouldBeLessThan(1_000 * 5_000L * 48 / 100);
    }

    [Fact]
    public void From_HashOrNetworkThatIsNone_Throws()
    {
        var message = Make().Message;
        Should.Throw<FormatException>(() =>
            ApiKeyEntry.From(new(message) { Sha256 = ByteString.CopyFrom(1, 2) })
        );
        message.AllowedNetworks.Add("10.0.0.0/33");
        Should.Throw<FormatException>(() => ApiKeyEntry.From(message));
    }

    [Fact]
    public void OAuthClients_SameIdAtTwoIssuers_AreTwoClients()
    {
        var index = OAuthClientIndex.Empty.With(
            [
                new("https://one", "client", Guid.CreateVersion7(), []),
                new("https://two", "client", Guid.CreateVersion7(), ["a"]),
            ],
            []
        );

        index.Find("https://two", "client")!.Scopes.ShouldBe(["a"]);
        index.Find("https://three", "client").ShouldBeNull();
        index = index.With([], [("https://two", "client")]);
        index.Find("https://two", "client").ShouldBeNull();
        index.Find("https://one", "client").ShouldNotBeNull();
        Allocations.Of(() => index.Find("https://one", "client")).ShouldBe(0);
    }

    internal static (byte[] Text, ApiKey Message) Make()
    {
        var key = ApiKeyFormat.Create("sandbox");
        return (
            Encoding.ASCII.GetBytes(key),
            new()
            {
                KeyId = ByteString.CopyFrom(Guid.CreateVersion7().ToByteArray(bigEndian: true)),
                ApplicationId = ByteString.CopyFrom(
                    Guid.CreateVersion7().ToByteArray(bigEndian: true)
                ),
                Sha256 = ByteString.CopyFrom(ApiKeyFormat.Hash(key)),
                VisiblePrefix = ApiKeyFormat.VisiblePrefix(key),
            }
        );
    }
}
