using UserCqrs.Application.Common;

namespace UserCqrs.UnitTests.Application.Common;

public sealed class ResultTests
{
    private static readonly Result<int> Success = 7;

    private static readonly Result<int> Failure = Error.NotFound;

    [Fact]
    public void A_success_has_a_value_and_no_error()
    {
        Assert.Equal(7, Success.Value);
        Assert.Null(Success.Error);
        Assert.Equal("7", Success.Match(value => $"{value}", error => $"{error.Kind}"));
    }

    [Fact]
    public void A_failure_has_an_error_and_no_value()
    {
        Assert.Equal(Error.NotFound, Failure.Error);
        Assert.Equal("NotFound", Failure.Match(value => $"{value}", error => $"{error.Kind}"));
        Assert.Contains("NotFound", Assert.Throws<InvalidOperationException>(() => Failure.Value).Message);
    }
}
