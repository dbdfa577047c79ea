using ApiSvc.ServiceDefaults.Paging;
using FsCheck;
using FsCheck.Fluent;

namespace ApiSvc.ServiceDefaults.Tests.Paging;

public sealed class KeysetCodecTests
{
    [Fact]
    public void Read_WrittenTuple_IsTheSame() =>
        Prop.ForAll<Guid, long, NonNull<string>>(
                (guid, number, text) =>
                {
                    // A string that is no Unicode cannot come out of a database.
                    var clean = new string([.. text.Get.Where(c => !char.IsSurrogate(c))]);
                    var time = DateTimeOffset.UnixEpoch.AddTicks(number % 1_000_000_000_000);
                    return RoundTrips((guid, number, clean, time)) && RoundTrips((time, guid));
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Read_SingleValue_IsTheSame() =>
        Prop.ForAll<long>(number => RoundTrips(number)).QuickCheckThrowOnFailure();

    [Fact]
    public void Read_AnyBytes_NeverThrows() =>
        Prop.ForAll<byte[]>(bytes =>
            {
                KeysetCodec<(string, DateTimeOffset)>.TryRead(bytes, out _);
                return KeysetCodec<Guid>.TryRead(bytes, out _) == (bytes.Length == 16);
            })
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Write_OtherType_IsAMistakeOfTheProgram() =>
        Should
            .Throw<TypeInitializationException>(() => KeysetCodec<(int, Guid)>.Write((1, default)))
            .InnerException.ShouldBeOfType<NotSupportedException>();

    private static bool RoundTrips<TKey>(TKey key)
        where TKey : struct =>
        KeysetCodec<TKey>.TryRead(KeysetCodec<TKey>.Write(key), out var read) && read.Equals(key);
}
