using System.Text;
using ApiSvc.Gateway.CallRecords;
using FsCheck;
using FsCheck.Fluent;

namespace ApiSvc.Gateway.Tests.CallRecords;

public sealed class QueryMaskTests
{
    private readonly QueryMask _mask = new(["PIN"]);

    [Theory]
    [InlineData("", "")]
    [InlineData("a=1&b=2", "a=1&b=2")]
    [InlineData("a&&=x&b=", "a&&=x&b=")]
    [InlineData("token=abc", "token=***")]
    [InlineData("a=1&Access_Token=abc&b=2", "a=1&Access_Token=***&b=2")]
    [InlineData("%74ok%65n=abc", "%74ok%65n=***")]
    [InlineData("%74ok%6=abc", "%74ok%6=abc")]
    [InlineData("x-api-key=a=b", "x-api-key=***")]
    [InlineData("apikey", "apikey")]
    [InlineData("X-Amz-Signature=1&X-Amz-Date=2", "X-Amz-Signature=***&X-Amz-Date=2")]
    [InlineData("cardPin=1", "cardPin=***")]
    [InlineData("k=secret&kk=1", "k=***&kk=1")]
    [InlineData("%ZZ=1&%", "%ZZ=1&%")]
    public void Write_Query_MasksValuesOfCredentials(string query, string expected) =>
        Write(query).ShouldBe(expected);

    [Fact]
    public void Write_NameLongerThanAny_IsMasked() =>
        Write(new string('n', 200) + "=v").ShouldEndWith("n=***");

    [Fact]
    public void Write_NoRoom_IsCut()
    {
        var room = new byte[9];
        var length = _mask.Write("a=12345678&b=9"u8, [], [], room);
        Encoding.ASCII.GetString(room, 0, length).ShouldBe("a=1234567");
        length = _mask.Write("a=1&key=12"u8, [], [], room);
        Encoding.ASCII.GetString(room, 0, length).ShouldBe("a=1&key=*");
    }

    [Fact]
    public void Write_AnyBytes_NeverThrows() =>
        Prop.ForAll<byte[]>(query =>
                _mask.Write(query, [], [], new byte[query.Length * 4]) <= query.Length * 4
            )
            .QuickCheckThrowOnFailure();

    private string Write(string query)
    {
        var room = new byte[2_048];
        var length = _mask.Write(
            Encoding.ASCII.GetBytes(query),
            [Encoding.ASCII.GetBytes("k")],
            [],
            room
        );
        return Encoding.ASCII.GetString(room, 0, length);
    }
}
