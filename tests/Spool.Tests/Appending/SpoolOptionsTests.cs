using System.ComponentModel.DataAnnotations;

namespace ApiSvc.Spool.Tests.Appending;

public sealed class SpoolOptionsTests
{
    [Fact]
    public void Validate_Defaults_AreValid() => Validate(new()).ShouldBeEmpty();

    [Fact]
    public void Validate_BoundBelowWhatTheLanesNeed_SaysHowMuchIsNeeded()
    {
        var options = new SpoolOptions
        {
            Lanes = 4,
            SegmentBytes = 1 << 20,
            MaxBytes = 8 << 20,
        };
        var failure = Validate(options).ShouldHaveSingleItem();
        failure.MemberNames.ShouldBe([nameof(SpoolOptions.MaxBytes)]);
        failure.ErrorMessage!.ShouldContain("at least 9437184 bytes");
    }

    private static List<ValidationResult> Validate(SpoolOptions options)
    {
        var results = new List<ValidationResult>();
        Validator.TryValidateObject(options, new(options), results, validateAllProperties: true);
        return results;
    }
}
