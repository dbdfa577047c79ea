using System.Net;
using System.Net.Sockets;
using ApiSvc.ServiceDefaults.Egress;
using FsCheck;
using FsCheck.Fluent;

namespace ApiSvc.ServiceDefaults.Tests.Egress;

public sealed class AddressRangesTests
{
    [Theory]
    [InlineData("0.0.0.0", EgressReason.Loopback)]
    [InlineData("0.1.2.3", EgressReason.Loopback)]
    [InlineData("127.0.0.1", EgressReason.Loopback)]
    [InlineData("127.255.255.255", EgressReason.Loopback)]
    [InlineData("10.0.0.1", EgressReason.Private)]
    [InlineData("172.16.0.1", EgressReason.Private)]
    [InlineData("172.31.255.255", EgressReason.Private)]
    [InlineData("192.168.1.1", EgressReason.Private)]
    [InlineData("169.254.169.254", EgressReason.LinkLocal)]
    [InlineData("100.64.0.1", EgressReason.Shared)]
    [InlineData("100.100.100.200", EgressReason.Shared)]
    [InlineData("168.63.129.16", EgressReason.Platform)]
    [InlineData("192.0.0.192", EgressReason.Reserved)]
    [InlineData("192.0.2.7", EgressReason.Documentation)]
    [InlineData("198.51.100.7", EgressReason.Documentation)]
    [InlineData("203.0.113.7", EgressReason.Documentation)]
    [InlineData("198.19.255.255", EgressReason.Benchmarking)]
    [InlineData("224.0.0.1", EgressReason.Multicast)]
    [InlineData("239.255.255.255", EgressReason.Multicast)]
    [InlineData("240.0.0.1", EgressReason.Reserved)]
    [InlineData("255.255.255.255", EgressReason.Multicast)]
    [InlineData("::", EgressReason.Loopback)]
    [InlineData("::1", EgressReason.Loopback)]
    [InlineData("::7f00:1", EgressReason.Reserved)]
    [InlineData("fc00::1", EgressReason.Private)]
    [InlineData("fd00:ec2::254", EgressReason.Private)]
    [InlineData("fec0::1", EgressReason.Private)]
    [InlineData("fe80::1%3", EgressReason.LinkLocal)]
    [InlineData("ff02::1", EgressReason.Multicast)]
    [InlineData("2001:db8::1", EgressReason.Documentation)]
    [InlineData("3fff:0fff::1", EgressReason.Documentation)]
    [InlineData("2001:2::1", EgressReason.Benchmarking)]
    [InlineData("2001:10::1", EgressReason.Reserved)]
    [InlineData("4000::1", EgressReason.Reserved)]
    [InlineData("64:ff9b:1::1", EgressReason.Reserved)]
    [InlineData("::ffff:127.0.0.1", EgressReason.Loopback)]
    [InlineData("::ffff:169.254.169.254", EgressReason.LinkLocal)]
    [InlineData("64:ff9b::10.1.2.3", EgressReason.Private)]
    [InlineData("2002:7f00:1::", EgressReason.Loopback)]
    [InlineData("2002:c0a8:0101::1", EgressReason.Private)]
    // Teredo with the client 10.0.0.1, stored inverted.
    [InlineData("2001:0:4136:e378:8000:63bf:f5ff:fffe", EgressReason.Private)]
    public void Judge_NotPublic_SaysWhy(string address, EgressReason reason) =>
        AddressRanges.Judge(IPAddress.Parse(address)).ShouldBe(reason);

    [Theory]
    [InlineData("1.1.1.1")]
    [InlineData("9.255.255.255")]
    [InlineData("11.0.0.0")]
    [InlineData("100.63.255.255")]
    [InlineData("100.128.0.0")]
    [InlineData("126.255.255.255")]
    [InlineData("128.0.0.0")]
    [InlineData("168.63.129.17")]
    [InlineData("169.253.255.255")]
    [InlineData("169.255.0.0")]
    [InlineData("172.15.255.255")]
    [InlineData("172.32.0.0")]
    [InlineData("192.167.255.255")]
    [InlineData("192.169.0.0")]
    [InlineData("198.17.255.255")]
    [InlineData("198.20.0.0")]
    [InlineData("223.255.255.255")]
    [InlineData("2606:4700::1111")]
    [InlineData("::ffff:8.8.8.8")]
    [InlineData("64:ff9b::8.8.8.8")]
    [InlineData("2002:808:808::1")]
    public void Judge_Public_Passes(string address) =>
        AddressRanges.Judge(IPAddress.Parse(address)).ShouldBeNull();

    [Fact]
    public void Judge_AnyV4_IsJudgedAlikeInEveryV6Form() =>
        Prop.ForAll(
                AnyV4().ToArbitrary(),
                v4 =>
                {
                    var reason = AddressRanges.Judge(v4);
                    var b = v4.GetAddressBytes();
                    IPAddress[] forms =
                    [
                        v4.MapToIPv6(),
                        new([0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0, .. b]),
                        new([0x20, 0x02, .. b, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]),
                        new([0x20, 0x01, 0, 0, 8, 8, 8, 8, 0, 0, 0, 0, .. b.Select(x => (byte)~x)]),
                    ];
                    return forms.All(form => AddressRanges.Judge(form) == reason);
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Judge_AnyV4_AgreesWithArithmetic() =>
        Prop.ForAll(AnyV4().ToArbitrary(), v4 => (AddressRanges.Judge(v4) is null) == IsPublic(v4))
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Judge_AnyV6OutsideGlobalUnicast_IsBlockedUnlessNat64OrMapped() =>
        Prop.ForAll(
                Gen.Choose(0, 255).Select(x => (byte)x).ArrayOf(16).ToArbitrary(),
                bytes =>
                {
                    var address = new IPAddress(bytes);
                    return (bytes[0] & 0xe0) == 0x20
                        || AddressRanges.Embedded(address) is not null
                        || AddressRanges.Judge(address) is not null;
                }
            )
            .QuickCheckThrowOnFailure();

    // Every first octet, and second octets weighted to the borders of the ranges.
    private static Gen<IPAddress> AnyV4() =>
        from a in Gen.OneOf(
            Gen.Choose(0, 255),
            Gen.Elements(0, 10, 100, 127, 168, 169, 172, 192, 198, 203, 224, 240, 255)
        )
        from b in Gen.OneOf(
            Gen.Choose(0, 255),
            Gen.Elements(0, 15, 16, 18, 19, 31, 32, 51, 63, 64, 88, 127, 128, 168, 254)
        )
        from c in Gen.OneOf(Gen.Choose(0, 255), Gen.Elements(0, 2, 99, 100, 113, 129))
        from d in Gen.OneOf(Gen.Choose(0, 255), Gen.Elements(0, 1, 16, 254, 255))
        select new IPAddress([(byte)a, (byte)b, (byte)c, (byte)d]);

    // The same ranges once more, written independently of prefix lengths.
    private static bool IsPublic(IPAddress v4)
    {
        v4.AddressFamily.ShouldBe(AddressFamily.InterNetwork);
        var o = v4.GetAddressBytes();
        return (o[0], o[1], o[2], o[3]) switch
        {
            (0 or 10 or 127 or >= 224, _, _, _) => false,
            (100, >= 64 and <= 127, _, _) => false,
            (168, 63, 129, 16) => false,
            (169, 254, _, _) => false,
            (172, >= 16 and <= 31, _, _) => false,
            (192, 0, 0 or 2, _) or (192, 88, 99, _) or (192, 168, _, _) => false,
            (198, 18 or 19, _, _) or (198, 51, 100, _) or (203, 0, 113, _) => false,
            _ => true,
        };
    }
}
