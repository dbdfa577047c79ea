using System.Diagnostics;
using System.Net;
using ApiSvc.Identity.Tests.Sessions;

namespace ApiSvc.Identity.Tests.SignIn;

/// <summary>
/// How long an answer takes does not tell whether there is such a user. Known and unknown ones are asked by turns, so that what
/// else the machine does falls on both, and the medians are compared: without the same work they are 10 to 100 times apart.
/// </summary>
public sealed class TimingTests(SharedPeople people, ITestOutputHelper output)
    : IClassFixture<SharedPeople>
{
    private const int Turns = 15;
    private const double Most = 2;

    [Fact]
    public async Task SignIn_UnknownUser_TakesAsLongAsAWrongPassword() =>
        await CompareAsync(
            (person, user) => SubmitAsync(person, "/sign-in", user.Login),
            (person, user) => SubmitAsync(person, "/sign-in", Unknown(user.Login))
        );

    [Fact]
    public async Task ForgottenPassword_UnknownAddress_TakesAsLongAsAKnownOne() =>
        await CompareAsync(
            (person, user) => SubmitAsync(person, "/password/forgotten", user.Email),
            (person, user) => SubmitAsync(person, "/password/forgotten", Unknown(user.Email))
        );

    [Fact]
    public async Task Registration_KnownAddress_TakesAsLongAsAnUnknownOne() =>
        await CompareAsync(
            (person, user) => SubmitAsync(person, "/register", user.Email),
            (person, user) => SubmitAsync(person, "/register", Unknown(user.Email))
        );

    private async Task CompareAsync(
        Func<Person, TestUser, Task<TimeSpan>> known,
        Func<Person, TestUser, Task<TimeSpan>> unknown
    )
    {
        var (ofKnown, ofUnknown) = (new List<double>(), new List<double>());
        for (var turn = 0; turn < Turns + 1; turn++)
        {
            // Whoever tries often is made to wait.
            await people.AdvanceAsync(TimeSpan.FromDays(1));
            var user = await people.NewUserAsync();
            using var one = people.NewPerson();
            using var other = people.NewPerson();
            var (first, second) = (await known(one, user), await unknown(other, user));
            if (turn > 0)
            {
                // The first one compiles.
                ofKnown.Add(first.TotalMilliseconds);
                ofUnknown.Add(second.TotalMilliseconds);
            }
        }

        var ratio = Median(ofKnown) / Median(ofUnknown);
        output.WriteLine(
            $"known {Median(ofKnown):0.00} ms, unknown {Median(ofUnknown):0.00} ms: {ratio:0.00}"
        );
        ratio.ShouldBeInRange(1 / Most, Most);
    }

    private static async Task<TimeSpan> SubmitAsync(Person person, string path, string who)
    {
        var page = await person.GetAsync(path);
        (string, string)[] fields =
            path == "/sign-in"
                ? [("login", who), ("password", "not the password")]
                : [("email", who)];
        var since = Stopwatch.GetTimestamp();
        var answer = await person.SubmitAsync(page, path, fields);
        var took = Stopwatch.GetElapsedTime(since);
        answer.Status.ShouldNotBe(HttpStatusCode.TooManyRequests, answer.Text);
        return took;
    }

    private static string Unknown(string known) => known.Replace("u-", "v-");

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
