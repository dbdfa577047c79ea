using System.Net;
using ApiSvc.Gateway.Networks;
using FsCheck;
using FsCheck.Fluent;

namespace ApiSvc.Gateway.Tests.Networks;

public sealed class NetworkSetTests
{
    [Theory]
    [InlineData("10.0.0.0/8", "10.255.255.255", true)]
    [InlineData("10.0.0.0/8", "11.0.0.0", false)]
    [InlineData("10.1.2.3/8", "10.9.9.9", true)]
    [InlineData("10.1.2.3", "10.1.2.3", true)]
    [InlineData("10.1.2.3", "10.1.2.4", false)]
    [InlineData("10.0.0.0/8", "::ffff:10.1.2.3", true)]
    [InlineData("::ffff:10.0.0.0/104", "10.1.2.3", true)]
    [InlineData("0.0.0.0/0", "255.255.255.255", true)]
    [InlineData("0.0.0.0/0", "::1", false)]
    [InlineData("::/0", "2001:db8::1", true)]
    [InlineData("::/0", "10.0.0.1", false)]
    [InlineData("::/0", "::ffff:10.0.0.1", false)]
    [InlineData("2001:db8::/32", "2001:db8:ffff::1", true)]
    [InlineData("2001:db8::/32", "2001:db9::", false)]
    [InlineData("fe80::/10", "fe80::1%3", true)]
    [InlineData("::1", "::1", true)]
    public void Contains_Address_IsInTheNetworkOrNot(
        string network,
        string address,
        bool expected
    ) => NetworkSet.Parse([network]).Contains(IPAddress.Parse(address)).ShouldBe(expected);

    [Theory]
    [InlineData("")]
    [InlineData("10")]
    [InlineData("10.1")]
    [InlineData("010.0.0.1")]
    [InlineData("0x7f.0.0.1")]
    [InlineData("10.0.0.0/33")]
    [InlineData("10.0.0.0/")]
    [InlineData("10.0.0.0/08")]
    [InlineData("10.0.0.0/-1")]
    [InlineData("10.0.0.0/8/8")]
    [InlineData("::/129")]
    [InlineData("[::1]")]
    [InlineData("fe80::1%eth0")]
    [InlineData("example.org")]
    public void Parse_NotANetwork_ThrowsAndNamesIt(string text) =>
        Should
            .Throw<FormatException>(() => NetworkSet.Parse(["10.0.0.0/8", text]))
            .Message.ShouldContain($"'{text}'");

    [Fact]
    public void Contains_EmptySetOrOddBytes_IsFalse()
    {
        NetworkSet.Empty.Contains(IPAddress.Loopback).ShouldBeFalse();
        NetworkSet.Parse([]).IsEmpty.ShouldBeTrue();
        NetworkSet.Parse(["0.0.0.0/0"]).Contains([1, 2, 3]).ShouldBeFalse();
    }

    [Fact]
    public void Contains_AnyNetworks_IsAsAskingEach()
    {
        var networks =
            from bytes in Gen.Choose(0, 3).ArrayOf(4)
            from length in Gen.Choose(0, 32)
            select new IPNetwork(Masked(bytes, length), length);
        var addresses = Gen.Choose(0, 3).ArrayOf(4).Select(b => Masked(b, 32));
        var cases =
            from set in networks.ArrayOf()
            from asked in addresses.ArrayOf()
            select (Set: set, Asked: asked);

        Check.QuickThrowOnFailure(
            Prop.ForAll(
                cases.ToArbitrary(),
                test =>
                {
                    var set = NetworkSet.Parse(test.Set.Select(n => n.ToString()));
                    foreach (var address in test.Asked)
                    {
                        var expected = test.Set.Any(n => n.Contains(address));
                        set.Contains(address).ShouldBe(expected);
                        set.Contains(address.MapToIPv6()).ShouldBe(expected);
                    }
                }
            )
        );
    }

    [Fact]
    public void Contains_Address_AllocatesNothing()
    {
        var set = NetworkSet.Parse(Enumerable.Range(0, 200).Select(i => $"10.{i}.0.0/17"));
        var address = IPAddress.Parse("10.77.3.4").MapToIPv6();
        Allocations.Of(() => set.Contains(address)).ShouldBe(0);
    }

    private static IPAddress Masked(int[] bytes, int length)
    {
        var value = bytes.Aggregate(0u, (all, b) => (all << 8) | (uint)b);
        value &= length == 0 ? 0 : uint.MaxValue << (32 - length);
        return new([(byte)(value >> 24), (byte)(value >> 16), (byte)(value >> 8), (byte)value]);
    }
}
