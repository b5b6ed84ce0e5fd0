# What the server of a masked sum could ask for in any order: no schedule tells one site's update.
load ../helper

@test "300,000 schedules of rounds, leaves and rosters isolate no honest site" {
	cd "$ROOT" || return
	make -s build/opt/unit/permit-search
	build/opt/unit/permit-search 300000
}
