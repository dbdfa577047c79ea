using ApiSvc.Contracts.Credentials.V1;
using ApiSvc.Gateway.Credentials;
using Google.Protobuf;

namespace ApiSvc.Gateway.Tests.Credentials;

public sealed class KeyUsesTests
{
    private readonly KeyUses _uses = new();

    [Fact]
    public void Take_AfterManyCalls_HasEachKeyOnceAndThenAgain()
    {
        var (first, second, unused) = (NewKey(), NewKey(), NewKey());
        Parallel.For(0, 1000, i => _uses.Note(i % 2 == 0 ? first : second));

        _uses.Take().ShouldBe([first.KeyId, second.KeyId], ignoreOrder: true);
        _uses.Take().ShouldBeEmpty();

        _uses.Note(first);
        _uses.Take().ShouldBe([first.KeyId]);
        unused.TryMarkUsed().ShouldBeTrue("nobody used it");
    }

    private static ApiKeyEntry NewKey() =>
        ApiKeyEntry.From(
            new ApiKey
            {
                KeyId = Id(),
                ApplicationId = Id(),
                Sha256 = ByteString.CopyFrom(new byte[32]),
            }
        );

    private static ByteString Id() =>
        ByteString.CopyFrom(Guid.CreateVersion7().ToByteArray(bigEndian: true));
}
