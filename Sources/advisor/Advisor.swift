@main struct Advisor { static func main() { print("") } }
