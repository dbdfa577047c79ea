using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace ApiSvc.Identity.Attempts;

/// <summary>Something that can be guessed at or done too often, by whom it is counted.</summary>
/// <param name="Pace">How fast it may be repeated.</param>
/// <param name="Sha256">Whose it is, or from where; hashed, since what was entered as a login may be a password.</param>
internal sealed record Attempt(Pace Pace, byte[] Sha256)
{
    public static Attempt Of(Pace pace, string whose) =>
        new(pace, SHA256.HashData(Encoding.UTF8.GetBytes(whose)));

    public static Attempt From(Pace pace, IPAddress? address) => Of(pace, NetworkOf(address));

    // Who has one IPv6 address has 2^64 of them.
    private static string NetworkOf(IPAddress? address) =>
        address switch
        {
            null => "unknown",
            { IsIPv4MappedToIPv6: true } => address.MapToIPv4().ToString(),
            { AddressFamily: AddressFamily.InterNetworkV6 } => Convert.ToHexString(
                address.GetAddressBytes().AsSpan(0, 8)
            ),
            _ => address.ToString(),
        };
}

/// <summary>How fast something may be repeated: after so many times the waits begin, and double.</summary>
/// <param name="Kind">As in the table.</param>
/// <param name="Free">How many times without a wait.</param>
/// <param name="First">The first wait.</param>
/// <param name="Longest">They grow no further: nobody is locked out for good.</param>
/// <param name="Memory">After so long without any they begin anew.</param>
internal sealed record Pace(
    string Kind,
    int Free,
    TimeSpan First,
    TimeSpan Longest,
    TimeSpan Memory
)
{
    /// <summary>Passwords of one account.</summary>
    public static Pace Account { get; } =
        new("account", 5, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5), TimeSpan.FromDays(1));

    /// <summary>The same from a browser that the user has signed in at before: others cannot make it wait.</summary>
    public static Pace KnownBrowser { get; } = Account with { Kind = "known-browser" };

    /// <summary>Passwords from one address, behind which many people may be.</summary>
    public static Pace Address { get; } =
        new(
            "address",
            20,
            TimeSpan.FromSeconds(1),
            TimeSpan.FromMinutes(15),
            TimeSpan.FromHours(1)
        );

    /// <summary>Codes of one account's second factor.</summary>
    public static Pace Code { get; } =
        new("code", 5, TimeSpan.FromSeconds(2), TimeSpan.FromMinutes(15), TimeSpan.FromDays(1));

    /// <summary>E-mail to one recipient that anybody can ask for.</summary>
    public static Pace MailTo { get; } =
        new("mail-to", 3, TimeSpan.FromMinutes(1), TimeSpan.FromHours(1), TimeSpan.FromDays(1));

    /// <summary>E-mail that is asked for from one address.</summary>
    public static Pace MailFrom { get; } =
        new(
            "mail-from",
            20,
            TimeSpan.FromSeconds(10),
            TimeSpan.FromHours(1),
            TimeSpan.FromHours(6)
        );
}
