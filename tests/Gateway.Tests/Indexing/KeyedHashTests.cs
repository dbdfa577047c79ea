using ApiSvc.Gateway.Indexing;

namespace ApiSvc.Gateway.Tests.Indexing;

public sealed class KeyedHashTests
{
    // From the reference implementation's vectors for 128 bits: key 00 01 … 0f, text 00 01 … of that length.
    [Theory]
    [InlineData(0, "A3817F04BA25A8E66DF67214C7550293")]
    [InlineData(1, "DA87C1D86B99AF44347659119B22FC45")]
    [InlineData(8, "3B62A9BA6258F5610F83E264F31497B4")]
    [InlineData(15, "5493E99933B0A8117E08EC0F97CFC3D9")]
    public void Of_ReferenceVector_IsTheReferencesHash(int length, string expected)
    {
        var key = Enumerable.Range(0, 16).Select(i => (byte)i).ToArray();
        var text = Enumerable.Range(0, length).Select(i => (byte)i).ToArray();
        var bytes = new byte[16];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt128LittleEndian(
            bytes,
            new KeyedHash(key).Of(text)
        );

        Convert.ToHexString(bytes).ShouldBe(expected);
    }
}
