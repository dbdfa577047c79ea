using System.Security.Cryptography;
using System.Text;
using ApiSvc.ServiceDefaults.ApiKeys;

namespace ApiSvc.ServiceDefaults.Tests.ApiKeys;

public sealed class ApiKeyFormatTests
{
    // Fixed: a key that was given out once must stay a key.
    private const string Known =
        "ak_production_0123abcd_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefg1LHAOX";

    [Theory]
    [InlineData("sandbox")]
    [InlineData("production")]
    [InlineData("a")]
    [InlineData("a123456789012345")]
    public void Create_AnyEnvironment_IsReadBack(string environment)
    {
        var key = ApiKeyFormat.Create(environment);

        key.ShouldMatch($"^ak_{environment}_[0-9A-Za-z]{{8}}_[0-9A-Za-z]{{49}}$");
        ApiKeyFormat.TryRead(Encoding.ASCII.GetBytes(key), out var read).ShouldBeTrue();
        Encoding.ASCII.GetString(read).ShouldBe(environment);
        key.Length.ShouldBeLessThanOrEqualTo(ApiKeyFormat.MaxLength);
        ApiKeyFormat.Create(environment).ShouldNotBe(key);
    }

    [Fact]
    public void TryRead_KnownKey_IsAccepted() =>
        ApiKeyFormat.TryRead(Encoding.ASCII.GetBytes(Known), out _).ShouldBeTrue();

    [Theory]
    [InlineData("")]
    [InlineData("Sandbox")]
    [InlineData("a_b")]
    [InlineData("a1234567890123456")]
    [InlineData("é")]
    public void Create_EnvironmentThatDoesNotFit_Throws(string environment) =>
        Should.Throw<ArgumentException>(() => ApiKeyFormat.Create(environment));

    [Fact]
    public void TryRead_AnyByteChanged_IsRefused()
    {
        var key = Encoding.ASCII.GetBytes(Known);
        for (var i = 0; i < key.Length; i++)
        {
            for (var value = 0; value < 256; value++)
            {
                var changed = key.ToArray();
                changed[i] = (byte)value;
                if (value != key[i])
                {
                    ApiKeyFormat.TryRead(changed, out _).ShouldBeFalse();
                }
            }
        }
    }

    [Fact]
    public void TryRead_AnyLength_IsRefusedUnlessWhole()
    {
        var key = Encoding.ASCII.GetBytes(Known);
        for (var length = 0; length < key.Length; length++)
        {
            ApiKeyFormat.TryRead(key.AsSpan(0, length), out _).ShouldBeFalse();
            ApiKeyFormat.TryRead(key.AsSpan(key.Length - length), out _).ShouldBeFalse();
        }

        ApiKeyFormat.TryRead([.. key, (byte)'0'], out _).ShouldBeFalse();
    }

    [Fact]
    public void VisiblePrefix_Key_HasNothingOfTheSecret()
    {
        ApiKeyFormat.VisiblePrefix(Known).ShouldBe("ak_production_0123abcd");
        Should.Throw<FormatException>(() => ApiKeyFormat.VisiblePrefix("ak_production_0123abcd"));
    }

    [Fact]
    public void Hash_Key_IsSha256OfTheWholeKey()
    {
        var bytes = Encoding.ASCII.GetBytes(Known);
        var hash = new byte[32];
        ApiKeyFormat.Hash(bytes, hash);

        hash.ShouldBe(SHA256.HashData(bytes));
        ApiKeyFormat.Hash(Known).ShouldBe(hash);
    }

    [Fact]
    public void TryRead_Key_AllocatesNothing()
    {
        var key = Encoding.ASCII.GetBytes(Known);
        ApiKeyFormat.TryRead(key, out _);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++)
        {
            ApiKeyFormat.TryRead(key, out _);
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }
}
